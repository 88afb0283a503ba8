// Compiled, never run: documents that an editor writes have to fit the generated types.
import type {
  DescriptorDocument,
  EventDocument,
  GraphDocument,
  JobDocument,
  PatchDocument,
  TuningConfig,
  ValidationDocument,
} from "./types";

export const config: TuningConfig = {
  strategy: { name: "optuna", sampler: "tpe" },
  search_space: [
    { kind: "int", name: "max_depth", low: 2, high: 9 },
    { kind: "categorical", name: "max_features", choices: ["sqrt", 0.5, null], number_type: "float" },
  ],
  cross_validation: { kind: "k_fold", folds: 3 },
  budget: { max_trials: null, max_seconds: 60 },
};

// @ts-expect-error a strategy that does not exist
export const unknownStrategy: TuningConfig = { strategy: { name: "guess" } };

// @ts-expect-error a row without its bounds
export const incompleteRow: TuningConfig = { search_space: [{ kind: "int", name: "max_depth" }] };

export const graph: GraphDocument = {
  nodes: [{ id: "n", type: "model", data: { config: { model: "svc" } }, selected: true }],
};

export function best(job: JobDocument): number | null {
  return job.best === null ? null : job.best.score;
}

export function seen(event: EventDocument, patch: PatchDocument, answer: ValidationDocument): string[] {
  return [event.type, ...(patch.ops ?? []).map((op) => op.node_id), ...answer.findings.map((item) => item.pointer)];
}

export function firstPort(descriptor: DescriptorDocument): string | undefined {
  return descriptor.inputs[0]?.id;
}
