/** Between the stored graph and the canvas: nothing of a graph is lost on the way there and back. */
import type { Edge, Node } from "@xyflow/react";
import type { Graph, GraphEdge, GraphNode } from "@/api/documents";

/** What a node holds; foreign keys are kept as they are. */
export interface NodeData {
  label?: string | null;
  type_version?: number | null;
  config: Record<string, unknown>;
  result?: Record<string, unknown> | null;
  [key: string]: unknown;
}

/** A node of the canvas; its `type` is the kind. */
export type CanvasNode = Node<NodeData>;

/** What is drawn and edited of a graph. */
export interface Drawing {
  nodes: CanvasNode[];
  edges: Edge[];
}

/** What React Flow keeps on nodes and edges for itself. */
const VIEW_KEYS = new Set(["selected", "dragging", "measured", "resizing", "internals", "ariaLabel"]);

/** The canvas of a stored graph. */
export function drawingOf(graph: Graph): Drawing {
  return {
    nodes: graph.nodes.map((node) => ({
      ...node,
      position: { x: node.position?.x ?? 0, y: node.position?.y ?? 0 },
      data: { ...node.data, config: node.data?.config ?? {} },
    })) as CanvasNode[],
    edges: (graph.edges ?? []).map((edge, index) => ({
      ...edge,
      id: edge.id || edgeId(edge, index),
    })) as Edge[],
  };
}

/** The stored form of a canvas: everything of *base* that is not drawn stays, nothing of the view comes in. */
export function storedGraph(drawing: Drawing, base: Graph | null): Graph {
  const {
    nodes: before,
    edges: _edges,
    ...rest
  } = base ?? { graph_version: 1 as const, nodes: [], edges: [] };
  const known = new Map(before.map((node) => [node.id, node]));
  return {
    ...rest,
    nodes: drawing.nodes.map((node) => storedNode(node, known.get(node.id))),
    edges: drawing.edges.map(storedEdge),
  };
}

/** Text of a value that is the same for the same JSON, whatever the order of its keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    isObject(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
  );
}

/** Whether two graphs say the same; the revision and where the canvas was scrolled to do not count. */
export function sameGraph(one: Graph, other: Graph): boolean {
  if (one.nodes.length !== other.nodes.length) return false;
  const theirs = new Map(other.nodes.map((node) => [node.id, node]));
  return (
    one.nodes.every((node) => {
      const same = theirs.get(node.id);
      return same !== undefined && (same === node || textOf(node) === textOf(same));
    }) && canonical(edgeTexts(one)) === canonical(edgeTexts(other))
  );
}

/** Whether a run of either graph would be the same: results, names and places do not count. */
export function sameSettings(one: Graph, other: Graph): boolean {
  return canonical(settingsOf(one)) === canonical(settingsOf(other));
}

function settingsOf(graph: Graph): unknown {
  const nodes = graph.nodes.map(({ id, type, data }) => [id, { type, ...data, label: null, result: null }]);
  return { nodes: Object.fromEntries(nodes) as unknown, edges: edgeTexts(graph) };
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Nodes do not change in place, so each is written out once. */
const nodeTexts = new WeakMap<GraphNode, string>();
const stored = new WeakMap<CanvasNode, { before: GraphNode | undefined; node: GraphNode }>();

function textOf(node: GraphNode): string {
  const held = nodeTexts.get(node);
  if (held !== undefined) return held;
  const position = { x: node.position?.x ?? 0, y: node.position?.y ?? 0 };
  const text = canonical({ ...node, position });
  nodeTexts.set(node, text);
  return text;
}

function storedNode(node: CanvasNode, before: GraphNode | undefined): GraphNode {
  const held = stored.get(node);
  if (held && held.before === before) return held.node;
  const made = withoutView(node) as unknown as GraphNode;
  const { config, ...others } = node.data;
  // A node that came without a configuration goes back without one: newer nodes must stay as they were.
  const bare = before !== undefined && before.data?.config === undefined && Object.keys(config).length === 0;
  made.data = bare ? others : node.data;
  const kept = JSON.parse(JSON.stringify(made)) as GraphNode;
  stored.set(node, { before, node: kept });
  return kept;
}

function storedEdge(edge: Edge): GraphEdge {
  return withoutView(edge) as unknown as GraphEdge;
}

function withoutView(item: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(item).filter(([key, value]) => !VIEW_KEYS.has(key) && value !== undefined),
  );
}

function edgeTexts(graph: Graph): string[] {
  return (graph.edges ?? []).map(connectionKey).sort();
}

/** Two edges with one key are one connection. */
export function connectionKey(
  edge: Pick<GraphEdge, "source" | "target" | "sourceHandle" | "targetHandle">,
): string {
  return JSON.stringify([edge.source, edge.sourceHandle ?? null, edge.target, edge.targetHandle ?? null]);
}

/** The id of a new connection, readable in exported files. */
export function edgeId(
  edge: Pick<GraphEdge, "source" | "target" | "sourceHandle" | "targetHandle">,
  index?: number,
): string {
  const name = `${edge.source}.${edge.sourceHandle ?? ""}-${edge.target}.${edge.targetHandle ?? ""}`;
  return index === undefined ? name : `${name}#${index}`;
}
