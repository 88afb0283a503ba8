/** Why a connection is refused, in one sentence; the server repeats every check. */
import type { Connection, Edge } from "@xyflow/react";
import type { Descriptor, InputPort, OutputPort } from "@/api/documents";
import { kindOf } from "@/api/queries";
import type { CanvasNode, Drawing } from "@/graph/document";
import { connectionKey } from "@/graph/document";
import { strings } from "@/strings";

type End = Pick<Connection, "source" | "target"> & {
  sourceHandle?: string | null;
  targetHandle?: string | null;
};

/** The sentence that refuses a connection; null: it may be made. Ends at unknown kinds are opaque. */
export function refusal(connection: End, drawing: Drawing, kinds: Descriptor[]): string | null {
  const words = strings.canvas.refusal;
  const source = drawing.nodes.find((node) => node.id === connection.source);
  const target = drawing.nodes.find((node) => node.id === connection.target);
  if (!source || !target) return words.gone;
  if (source === target) return words.itself;
  const key = connectionKey(connection);
  if (drawing.edges.some((edge) => connectionKey(edge) === key)) return words.there;
  const output = portOf(kindOf(kinds, source.type)?.outputs, connection.sourceHandle);
  const input = portOf(kindOf(kinds, target.type)?.inputs, connection.targetHandle);
  if (output && input && !typesMatch(output, input, kindOf(kinds, source.type))) {
    return words.type(output.label, nameOf(source), output.type, input.label, nameOf(target), input.type);
  }
  if (leads(target.id, source.id, drawing.edges)) return words.circle;
  if (input && isFull(target.id, input, drawing.edges)) {
    return words.full(input.label, nameOf(target), input.max_connections ?? 0);
  }
  return heldOutRefusal(connection, drawing, kinds);
}

/** What people call a node. */
export function nameOf(node: CanvasNode): string {
  return node.data.label || node.id;
}

/** A port by its handle; nodes with one port may leave the handle out. */
export function portOf<Port extends InputPort | OutputPort>(
  ports: Port[] | undefined,
  handle: string | null | undefined,
): Port | undefined {
  return handle ? ports?.find((port) => port.id === handle) : ports?.length === 1 ? ports[0] : undefined;
}

function typesMatch(output: OutputPort, input: InputPort, kind: Descriptor | undefined): boolean {
  const listed = kind?.port_types[output.type];
  if (Array.isArray(listed) && listed.includes(input.type)) return true;
  // Types of other packages that no table lists: equal, any, or one a dotted prefix of the other.
  const [from, to] = [output.type, input.type];
  return from === "any" || to === "any" || `${from}.`.startsWith(`${to}.`) || `${to}.`.startsWith(`${from}.`);
}

function isFull(nodeId: string, input: InputPort, edges: Edge[]): boolean {
  const most = input.max_connections ?? Infinity;
  const taken = edges.filter(
    (edge) => edge.target === nodeId && (edge.targetHandle ?? input.id) === input.id,
  );
  return taken.length >= most;
}

/** Whether rows or values come from one node to another, over any number of edges. */
export function leads(from: string, to: string, edges: Edge[]): boolean {
  const seen = new Set<string>();
  const waiting = [from];
  for (let current = waiting.pop(); current !== undefined; current = waiting.pop()) {
    if (current === to) return true;
    if (seen.has(current)) continue;
    seen.add(current);
    waiting.push(...edges.filter((edge) => edge.source === current).map((edge) => edge.target));
  }
  return false;
}

/** Rows kept for the last test come to no search, directly or through other nodes. */
function heldOutRefusal(connection: End, drawing: Drawing, kinds: Descriptor[]): string | null {
  const byId = new Map(drawing.nodes.map((node) => [node.id, node]));
  const output = (edge: End) =>
    portOf(kindOf(kinds, byId.get(edge.source)?.type)?.outputs, edge.sourceHandle);
  const edges: End[] = [...drawing.edges, connection];
  const upstream = tableEdges(connection, edges, output, "up");
  if (!upstream.some((edge) => output(edge)?.held_out === true)) return null;
  const downstream = tableEdges(connection, edges, output, "down");
  const search = downstream.find(
    (edge) =>
      portOf(kindOf(kinds, byId.get(edge.target)?.type)?.inputs, edge.targetHandle)?.refuses_held_out ===
      true,
  );
  const node = search && byId.get(search.target);
  return node ? strings.canvas.refusal.testRows(nameOf(node)) : null;
}

/** The connection and every edge with a table before or after it. */
function tableEdges(
  start: End,
  edges: End[],
  output: (edge: End) => OutputPort | undefined,
  way: "up" | "down",
): End[] {
  const found = new Set<End>();
  const waiting = [start];
  for (let edge = waiting.pop(); edge !== undefined; edge = waiting.pop()) {
    if (found.has(edge) || output(edge)?.type !== "table") continue;
    found.add(edge);
    const here = edge;
    waiting.push(
      ...edges.filter((other) =>
        way === "up" ? other.target === here.source : other.source === here.target,
      ),
    );
  }
  return [...found];
}
