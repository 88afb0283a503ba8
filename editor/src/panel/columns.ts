import { useQuery } from "@tanstack/react-query";
import { ask } from "@/api/client";
import type { Resolution } from "@/api/documents";
import { kindOf } from "@/api/queries";
import { type CanvasState, useCanvas } from "@/graph/canvas_store";

/** A column of a table, with whether it can be predicted where a model is known. */
export type Column = Resolution["targets"][number];

const NO_COLUMNS: Column[] = [];
/** Kinds that read rows say so in their tags. */
const SOURCE = "source";
const KEPT_MS = 5 * 60_000;

/** The columns of the dataset that a node reads, itself or upstream; none while they are not known. */
export function useColumns(nodeId: string, enabled: boolean): Column[] {
  const dataset = useCanvas((state) => (enabled ? datasetText(state, nodeId) : null));
  const query = useQuery({
    queryKey: ["columns", dataset],
    enabled: dataset !== null,
    staleTime: KEPT_MS,
    queryFn: async ({ signal }) => {
      const body = { config: {}, graph: JSON.parse(dataset ?? "null") as unknown };
      const path = "/nodes/hyperparameter_tuning/resolve";
      return (await ask<Resolution>(path, { method: "POST", body, signal })).body.targets;
    },
  });
  return query.data ?? NO_COLUMNS;
}

/** The dataset that feeds a node, as text; its target is left out, since the columns do not depend on it. */
export function datasetText(state: CanvasState, nodeId: string): string | null {
  const seen = new Set<string>();
  const waiting = [nodeId];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const node = state.nodes.find((each) => each.id === id);
    if (!node || seen.has(id)) continue;
    seen.add(id);
    if (kindOf(state.kinds, node.type)?.tags.includes(SOURCE)) {
      const { target: _target, ...dataset } = node.data.config;
      return JSON.stringify({ dataset, dataset_kind: node.type });
    }
    waiting.push(...state.edges.filter((edge) => edge.target === id).map((edge) => edge.source));
  }
  return null;
}
