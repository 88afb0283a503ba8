/** Three-way merge of graphs: what only one side changed is taken, what both changed differently is asked. */
import type { Graph, GraphEdge, GraphNode } from "@/api/documents";
import { canonical, connectionKey, isObject } from "@/graph/document";

/** Whose value is taken. */
export type Side = "mine" | "theirs";

/** A value that both sides changed, each to something else; undefined: it is not there. */
export interface Conflict {
  /** Stable as long as the three graphs are the same. */
  key: string;
  nodeId: string;
  label: string;
  /** Keys below the node; empty: the whole node, which one side deleted. */
  path: string[];
  base: unknown;
  mine: unknown;
  theirs: unknown;
}

/** A merged graph, and what somebody has to decide. */
export interface Merged {
  graph: Graph;
  conflicts: Conflict[];
}

/** Says whose value is taken in a conflict. */
export type Choose = (conflict: Conflict) => Side;

const MINE: Choose = () => "mine";

/** Merge two graphs that both come from *base*; conflicts are listed and decided by *choose*. */
export function mergeGraphs(base: Graph, mine: Graph, theirs: Graph, choose: Choose = MINE): Merged {
  const conflicts: Conflict[] = [];
  const decide: Choose = (conflict) => {
    conflicts.push(conflict);
    return choose(conflict);
  };
  const nodes = mergeNodes(base, mine, theirs, decide);
  const ids = new Set(nodes.map((node) => node.id));
  const edges = mergeEdges(base, mine, theirs).filter((edge) => ids.has(edge.source) && ids.has(edge.target));
  // The rest of the document is the server's: revision, format, what a host keeps beside.
  return { graph: { ...mine, ...theirs, nodes, edges }, conflicts };
}

function mergeNodes(base: Graph, mine: Graph, theirs: Graph, decide: Choose): GraphNode[] {
  const before = byId(base);
  const ours = byId(mine);
  const others = byId(theirs);
  const ids = [...ours.keys(), ...[...others.keys()].filter((id) => !ours.has(id))];
  return ids.flatMap((id) => mergeNode(id, before.get(id), ours.get(id), others.get(id), decide) ?? []);
}

function mergeNode(
  id: string,
  base: GraphNode | undefined,
  mine: GraphNode | undefined,
  theirs: GraphNode | undefined,
  decide: Choose,
): GraphNode | undefined {
  if (same(mine, theirs)) return mine;
  if (mine === undefined || theirs === undefined) {
    const left = mine ?? theirs;
    if (base === undefined) return left;
    // Moving a node does not keep it from being deleted.
    if (same(placed(left, base), base)) return undefined;
    const label = left?.data.label || id;
    const side = decide({ key: id, nodeId: id, label, path: [], base, mine, theirs });
    return side === "mine" ? mine : theirs;
  }
  const label = mine.data.label || id;
  const merged = mergeValue(
    placed(base, mine),
    mine,
    placed(theirs, mine),
    { nodeId: id, label, path: [] },
    decide,
  ) as GraphNode;
  const moved = base === undefined || !same(mine.position, base.position);
  return { ...merged, position: moved ? mine.position : theirs.position };
}

interface Place {
  nodeId: string;
  label: string;
  path: string[];
}

function mergeValue(base: unknown, mine: unknown, theirs: unknown, place: Place, decide: Choose): unknown {
  if (same(mine, theirs) || same(base, theirs)) return mine;
  if (same(base, mine)) return theirs;
  if (isObject(mine) && isObject(theirs) && !isTagged(mine, theirs)) {
    const before = isObject(base) ? base : {};
    const keys = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])];
    const pairs = keys.map((key) => {
      const inner = { ...place, path: [...place.path, key] };
      return [key, mergeValue(before[key], mine[key], theirs[key], inner, decide)];
    });
    return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
  }
  const key = JSON.stringify([place.nodeId, ...place.path]);
  return decide({ key, ...place, base, mine, theirs }) === "mine" ? mine : theirs;
}

/** Keys that say which of several shapes an object has: values of two shapes are never mixed. */
const TAGS = ["name", "kind", "source", "model"];

function isTagged(one: Record<string, unknown>, other: Record<string, unknown>): boolean {
  return TAGS.some(
    (tag) => typeof one[tag] === "string" && typeof other[tag] === "string" && one[tag] !== other[tag],
  );
}

function mergeEdges(base: Graph, mine: Graph, theirs: Graph): GraphEdge[] {
  const before = new Set((base.edges ?? []).map(connectionKey));
  const ours = new Set((mine.edges ?? []).map(connectionKey));
  const others = new Set((theirs.edges ?? []).map(connectionKey));
  const kept = (mine.edges ?? []).filter((edge) => {
    const key = connectionKey(edge);
    return others.has(key) || !before.has(key);
  });
  const added = (theirs.edges ?? []).filter((edge) => {
    const key = connectionKey(edge);
    return !ours.has(key) && !before.has(key);
  });
  return [...kept, ...added];
}

/** *node* at the place of *other*: where a node lies is merged apart. */
function placed(node: GraphNode | undefined, other: GraphNode): GraphNode | undefined {
  return node && { ...node, position: other.position };
}

function byId(graph: Graph): Map<string, GraphNode> {
  return new Map(graph.nodes.map((node) => [node.id, node]));
}

function same(one: unknown, other: unknown): boolean {
  return one === other || canonical(one) === canonical(other);
}
