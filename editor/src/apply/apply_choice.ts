/** One value that applying would change, as the preview gives it. */
export interface PreviewRow {
  node_id: string;
  label: string;
  path: string;
  op: string;
  before: unknown;
  before_absent: boolean;
  after: unknown;
  after_absent: boolean;
  changed: boolean;
  conflict: string | null;
}

/** One parameter of one model node: its value, and with it what says whether a number is a count or a share. */
export interface ParameterRow extends PreviewRow {
  key: string;
  name: string;
}

/** What would be written onto one model node. */
export interface NodeRows {
  nodeId: string;
  label: string;
  parameters: ParameterRow[];
  /** The tuned model that is attached with the parameters; null where the node takes none. */
  model: PreviewRow | null;
}

const GONE = "node_missing";

/** Whether a model node that the run was for is not on the pipeline any more. */
export function isGone(node: NodeRows): boolean {
  return node.parameters.some((row) => row.conflict === GONE);
}

/** Group the rows of a preview by model node and parameter. */
export function nodesOf(rows: readonly PreviewRow[]): NodeRows[] {
  const nodes = new Map<string, NodeRows>();
  for (const row of rows) {
    const node = nodes.get(row.node_id) ?? {
      nodeId: row.node_id,
      label: row.label,
      parameters: [],
      model: null,
    };
    nodes.set(row.node_id, node);
    if (row.op === "attach_artifact") node.model = row;
    else addParameter(node, row);
  }
  return [...nodes.values()];
}

/** The type of a number follows its value, under the same name: both are one choice. */
function addParameter(node: NodeRows, row: PreviewRow): void {
  const name = lastPart(row.path);
  const there = node.parameters.find((parameter) => parameter.name === name);
  if (there === undefined) {
    node.parameters.push({ ...row, key: `${row.node_id} ${name}`, name });
    return;
  }
  there.changed ||= row.changed;
  there.conflict ??= row.conflict;
}

/** The last part of a JSON pointer, as it was before it was escaped (RFC 6901). */
export function lastPart(pointer: string): string {
  return (pointer.split("/").at(-1) ?? "").replaceAll("~1", "/").replaceAll("~0", "~");
}

/** Which values are taken, by key. */
export type Taken = Readonly<Record<string, boolean>>;

/** Whether a value is taken; at first everything is, but what somebody edited since the run started. */
export function isTaken(taken: Taken, row: ParameterRow): boolean {
  return taken[row.key] ?? row.conflict === null;
}

/** A request to apply: `trial` left out is the best, `params` all of them. */
export interface ApplyRequest {
  trial?: number;
  params?: string[];
  targets: string[];
  overwrite: boolean;
}

/** The requests that write what was chosen: one for all nodes of which the same is taken. */
export function requestsOf(nodes: readonly NodeRows[], taken: Taken, trial: number | null): ApplyRequest[] {
  const found = new Map<string, ApplyRequest>();
  for (const node of nodes) {
    const chosen = node.parameters.filter((row) => isTaken(taken, row));
    if (!chosen.some((row) => row.changed) && !attachesModel(node, taken)) continue;
    const isWhole = chosen.length === node.parameters.length;
    const request: ApplyRequest = {
      ...(trial === null ? {} : { trial }),
      ...(isWhole ? {} : { params: chosen.map((row) => row.name) }),
      targets: [],
      overwrite: chosen.some((row) => row.conflict !== null),
    };
    const key = JSON.stringify(request);
    const same = found.get(key) ?? request;
    same.targets.push(node.nodeId);
    found.set(key, same);
  }
  return [...found.values()];
}

/** Whether the tuned model comes along: only with all of the parameters it was fitted with. */
export function attachesModel(node: NodeRows, taken: Taken): boolean {
  return (node.model?.changed ?? false) && node.parameters.every((row) => isTaken(taken, row));
}
