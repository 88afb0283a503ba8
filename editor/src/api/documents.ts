/** The published documents under short names; their shapes are generated and never written again here. */
export type {
  DescriptorDocument as Descriptor,
  DescriptorDocumentInputs as InputPort,
  DescriptorDocumentOutputs as OutputPort,
  DescriptorDocumentStrategies as Strategy,
  EstimateDocument as Estimate,
  EventDocument as JobEvent,
  GraphDocument as Graph,
  GraphDocumentEdges as GraphEdge,
  GraphDocumentNodes as GraphNode,
  JobDocument as Job,
  JobDocumentWriteBacks as WriteBack,
  PatchDocument as Patch,
  ReportDocument as Report,
  ResolutionDocument as Resolution,
  TuningConfig,
  ValidationDocument as Validation,
  ValidationDocumentFindings as Finding,
  ValidationDocumentFindingsFix as Fix,
  ValidationDocumentMigrated as Migrated,
} from "@contract";

/** One row of GET /hyperparameter-tuning-jobs/{id}/trials. */
export interface TrialRow {
  number: number;
  origin: "baseline" | "defaults" | "search";
  state: string;
  params: Record<string, unknown>;
  number_types: Record<string, "int" | "float">;
  resource: number | null;
  rung: number | null;
  n_folds: number | null;
  score: number | null;
  std: number | null;
  scores: Record<string, number | null>;
  error: string | null;
  started_at: string | null;
  finished_at: string | null;
  [key: string]: unknown;
}
