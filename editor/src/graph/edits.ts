/** What a person does to a drawing, as pure functions: each returns another drawing. */
import type { Edge } from "@xyflow/react";
import type { Descriptor } from "@/api/documents";
import { kindOf } from "@/api/queries";
import { portOf } from "@/graph/connection_rules";
import { type CanvasNode, type Drawing, edgeId, type NodeData } from "@/graph/document";
import { CARD, freePlace, GAP, type Point, sizeOf } from "@/graph/places";

/** A node to put before another, as a finding's remedy names it. */
export interface Step {
  kind: string;
  config: object;
}

/** An end of a new connection. */
export interface Ends {
  source: string;
  target: string;
  sourceHandle?: string | null;
  targetHandle?: string | null;
}

/** A fresh node of a kind, with its defaults. */
export function newNode(kind: Descriptor, nodes: CanvasNode[], position: Point): CanvasNode {
  return {
    id: newId(kind.type, nodes),
    type: kind.type,
    position: { x: Math.round(position.x), y: Math.round(position.y) },
    data: {
      label: freeLabel(kind.display_name, nodes),
      type_version: kind.type_version,
      config: structuredClone(kind.default_config),
    },
  };
}

/** The drawing with one more node, which alone is selected. */
export function withNode(drawing: Drawing, node: CanvasNode): Drawing {
  return { ...drawing, nodes: [...deselected(drawing.nodes), { ...node, selected: true }] };
}

/** The drawing with one more connection. */
export function withEdge(drawing: Drawing, ends: Ends): Drawing {
  const edge = { ...pick(ends), id: freeEdgeId(ends, drawing.edges) };
  return { ...drawing, edges: [...drawing.edges, edge] };
}

/** The drawing without these nodes and what is connected to them, and without these connections. */
export function without(drawing: Drawing, nodeIds: string[], edgeIds: string[] = []): Drawing {
  const gone = new Set(nodeIds);
  const cut = new Set(edgeIds);
  return {
    nodes: drawing.nodes.filter((node) => !gone.has(node.id)),
    edges: drawing.edges.filter(
      (edge) => !cut.has(edge.id) && !gone.has(edge.source) && !gone.has(edge.target),
    ),
  };
}

/** The drawing with something else in the data of one node. */
export function withData(drawing: Drawing, nodeId: string, change: Partial<NodeData>): Drawing {
  return {
    ...drawing,
    nodes: drawing.nodes.map((node) =>
      node.id === nodeId ? { ...node, data: { ...node.data, ...change } } : node,
    ),
  };
}

/** The part of a drawing that is copied: nodes without their results, and the connections between them. */
export function fragmentOf(drawing: Drawing, nodeIds: string[]): Drawing {
  const chosen = new Set(nodeIds);
  return {
    nodes: drawing.nodes.filter((node) => chosen.has(node.id)).map((node) => ({ ...bare(node) })),
    edges: drawing.edges.filter((edge) => chosen.has(edge.source) && chosen.has(edge.target)),
  };
}

/** The drawing with a copied part beside what is there; the new nodes alone are selected. */
export function withFragment(drawing: Drawing, fragment: Drawing, shift: Point): Drawing {
  const names = new Map<string, string>();
  let nodes = deselected(drawing.nodes);
  for (const node of fragment.nodes) {
    const id = newId(node.type ?? "node", nodes);
    names.set(node.id, id);
    const position = { x: node.position.x + shift.x, y: node.position.y + shift.y };
    const label = node.data.label ? freeLabel(node.data.label, nodes) : node.data.label;
    const copy = structuredClone(bare(node));
    nodes = [...nodes, { ...copy, id, position, data: { ...copy.data, label }, selected: true }];
  }
  const edges = fragment.edges.flatMap((edge) => {
    const [source, target] = [names.get(edge.source), names.get(edge.target)];
    return source && target
      ? [{ ...pick(edge), source, target, id: edgeId({ ...pick(edge), source, target }) }]
      : [];
  });
  return { nodes, edges: [...drawing.edges.map((edge) => ({ ...edge, selected: false })), ...edges] };
}

/**
 * The drawing with steps on the way of the data into a node. The model nodes that it tunes take their data from
 * the same place, so that what is tuned and what is trained stay the same.
 */
export function withSteps(drawing: Drawing, beforeId: string, steps: Step[], kinds: Descriptor[]): Drawing {
  const before = drawing.nodes.find((node) => node.id === beforeId);
  if (!before || steps.length === 0) return drawing;
  const feeding = dataEdge(drawing, before, kinds);
  let nodes = makeRoom(drawing.nodes, before, steps.length);
  let last: { id: string; handle: string | null } | undefined = feeding && {
    id: feeding.source,
    handle: feeding.sourceHandle ?? null,
  };
  let result: Drawing = { nodes, edges: drawing.edges };
  for (const [index, step] of steps.entries()) {
    const kind = kindOf(kinds, step.kind);
    if (!kind) return drawing;
    const wanted = { x: before.position.x + index * (CARD.width + GAP), y: before.position.y };
    const fresh = newNode(kind, result.nodes, freePlace(result.nodes, wanted));
    fresh.data.config = { ...fresh.data.config, ...step.config };
    nodes = [...result.nodes, fresh];
    result = { ...result, nodes };
    if (last) {
      const ends = {
        source: last.id,
        sourceHandle: last.handle,
        target: fresh.id,
        targetHandle: tableInput(kind),
      };
      result = withEdge(result, ends);
    }
    last = { id: fresh.id, handle: tableOutput(kind) };
  }
  return last ? rerouted(result, before, feeding, last, kinds) : result;
}

function rerouted(
  drawing: Drawing,
  before: CanvasNode,
  feeding: Edge | undefined,
  last: { id: string; handle: string | null },
  kinds: Descriptor[],
): Drawing {
  const tuned = new Set(drawing.edges.filter((edge) => edge.source === before.id).map((edge) => edge.target));
  const moves = (edge: Edge) =>
    feeding !== undefined &&
    (edge === feeding ||
      (tuned.has(edge.target) &&
        edge.source === feeding.source &&
        (edge.sourceHandle ?? null) === (feeding.sourceHandle ?? null)));
  const moved = drawing.edges.map((edge) => {
    if (!moves(edge)) return edge;
    const ends = { ...pick(edge), source: last.id, sourceHandle: last.handle };
    return { ...edge, ...ends, id: edgeId(ends) };
  });
  const result = { ...drawing, edges: moved };
  if (feeding) return result;
  const input = tableInput(kindOf(kinds, before.type));
  return withEdge(result, {
    source: last.id,
    sourceHandle: last.handle,
    target: before.id,
    targetHandle: input,
  });
}

/** The edge that brings the data of a node: at its first input for tables. */
function dataEdge(drawing: Drawing, node: CanvasNode, kinds: Descriptor[]): Edge | undefined {
  const inputs = kindOf(kinds, node.type)?.inputs;
  const first = tableInput(kindOf(kinds, node.type));
  return drawing.edges.find(
    (edge) => edge.target === node.id && portOf(inputs, edge.targetHandle)?.id === first,
  );
}

function tableInput(kind: Descriptor | undefined): string | null {
  return kind?.inputs.find((port) => port.type === "table")?.id ?? null;
}

function tableOutput(kind: Descriptor | undefined): string | null {
  return kind?.outputs.find((port) => port.type === "table")?.id ?? null;
}

/** Everything from a node on moves right by the width of so many cards. */
function makeRoom(nodes: CanvasNode[], from: CanvasNode, cards: number): CanvasNode[] {
  const by = cards * (CARD.width + GAP);
  return nodes.map((node) =>
    node.position.x + sizeOf(node).width / 2 >= from.position.x
      ? { ...node, position: { ...node.position, x: node.position.x + by } }
      : node,
  );
}

function newId(type: string, nodes: CanvasNode[]): string {
  // Never the id of a node that was deleted: its runs would come back with it.
  const taken = new Set(nodes.map((node) => node.id));
  for (;;) {
    const [first, second] = crypto.getRandomValues(new Uint32Array(2));
    const id = `${type}-${(first ^ second).toString(36).replace("-", "")}`;
    if (!taken.has(id)) return id;
  }
}

function freeLabel(wanted: string, nodes: CanvasNode[]): string {
  const taken = new Set(nodes.map((node) => node.data.label));
  if (!taken.has(wanted)) return wanted;
  const stem = wanted.replace(/ \d+$/, "");
  for (let number = 2; ; number += 1) {
    if (!taken.has(`${stem} ${number}`)) return `${stem} ${number}`;
  }
}

function freeEdgeId(ends: Ends, edges: Edge[]): string {
  const wanted = edgeId(ends);
  return edges.some((edge) => edge.id === wanted) ? edgeId(ends, edges.length) : wanted;
}

function pick(ends: Ends): Required<Ends> {
  return {
    source: ends.source,
    target: ends.target,
    sourceHandle: ends.sourceHandle ?? null,
    targetHandle: ends.targetHandle ?? null,
  };
}

function bare(node: CanvasNode): CanvasNode {
  const { result: _result, ...data } = node.data;
  const { measured: _measured, selected: _selected, dragging: _dragging, ...rest } = node;
  return { ...rest, data: data as NodeData };
}

function deselected(nodes: CanvasNode[]): CanvasNode[] {
  return nodes.map((node) => (node.selected ? { ...node, selected: false } : node));
}
