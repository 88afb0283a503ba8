/** The pipeline on the canvas: one store; what an edit does is in `edits`, what saving does in `saving`. */
import {
  applyEdgeChanges,
  applyNodeChanges,
  type Edge,
  type EdgeChange,
  type NodeChange,
} from "@xyflow/react";
import { create } from "zustand";
import type { Descriptor, Finding, Graph, Migrated } from "@/api/documents";
import { kindOf } from "@/api/queries";
import {
  type CanvasNode,
  type Drawing,
  drawingOf,
  type NodeData,
  sameGraph,
  storedGraph,
} from "@/graph/document";
import {
  type Ends,
  newNode,
  type Step,
  withData,
  withEdge,
  withFragment,
  withNode,
  without,
  withSteps,
} from "@/graph/edits";
import { type History, NO_HISTORY, redone, remembered, undone } from "@/graph/history";
import type { Conflict } from "@/graph/merge";
import { freePlace, type Point } from "@/graph/places";

export type { CanvasNode, NodeData } from "@/graph/document";

/** Somebody else saved what was edited here: both, and what has to be decided. */
export interface OpenConflict {
  theirs: { graph: Graph; name: string; revision: number; etag: string };
  conflicts: Conflict[];
  /** Whether the merged graph is saved, or only taken over. */
  save: boolean;
}

/** What is known of the pipeline on the canvas. */
export interface CanvasFacts extends Drawing {
  pipelineId: string | null;
  name: string;
  revision: number | null;
  etag: string | null;
  /** The saved document that the canvas started from. */
  base: Graph | null;
  savedName: string;
  migrated: Migrated[];
  /** What the server found when it was opened or saved last. */
  findings: Finding[];
  stale: Record<string, boolean>;
  saving: boolean;
  conflict: OpenConflict | null;
  history: History;
  /** Counts what was opened: the canvas then shows all of it. */
  opened: number;
  /** Every kind of node, once they are known. */
  kinds: Descriptor[];
}

/** The canvas and what can be done to it. */
export interface CanvasState extends CanvasFacts {
  setConfig(nodeId: string, config: Record<string, unknown>): void;
  setLabel(nodeId: string, label: string): void;
  setName(name: string): void;
  insertSteps(beforeNodeId: string, steps: Step[]): void;
  addNode(kind: Descriptor, position: Point): string;
  addFragment(fragment: Drawing, shift: Point): void;
  connect(ends: Ends): void;
  remove(nodeIds: string[], edgeIds?: string[]): void;
  move(positions: Record<string, Point>): void;
  select(nodeIds: string[]): void;
  selectAll(): void;
  changeNodes(changes: NodeChange<CanvasNode>[]): void;
  changeEdges(changes: EdgeChange[]): void;
  undo(): void;
  redo(): void;
}

/** A canvas without a pipeline. */
export const EMPTY: Omit<CanvasFacts, "kinds" | "opened"> = {
  nodes: [],
  edges: [],
  pipelineId: null,
  name: "",
  revision: null,
  etag: null,
  base: null,
  savedName: "",
  migrated: [],
  findings: [],
  stale: {},
  saving: false,
  conflict: null,
  history: NO_HISTORY,
};

type Change = (state: CanvasState) => Drawing;
type Edit = (change: Change, burst?: string | null) => void;

/** The pipeline on the canvas. */
export const useCanvas = create<CanvasState>()((set, get) => {
  const edit: Edit = (change, burst = null) => {
    const before = get();
    const after = change(before);
    if (after.nodes === before.nodes && after.edges === before.edges) return;
    const history = remembered(before.history, before, burst, Date.now());
    set({ nodes: after.nodes, edges: after.edges, history });
  };
  return {
    ...EMPTY,
    kinds: [],
    opened: 0,
    ...edits(edit, get),
    setName: (name) => set({ name }),
    select: (nodeIds) =>
      set(({ nodes, edges }) => ({ nodes: selecting(nodes, nodeIds), edges: unselected(edges) })),
    selectAll: () =>
      set(({ nodes }) => ({
        nodes: selecting(
          nodes,
          nodes.map((node) => node.id),
        ),
      })),
    changeNodes: (changes) => set((state) => changedNodes(state, changes)),
    changeEdges: (changes) => set((state) => changedEdges(state, changes)),
    undo: () => set((state) => travelled(state, undone(state.history, state))),
    redo: () => set((state) => travelled(state, redone(state.history, state))),
  };
});

/** What changes the drawing, each as one step that can be undone. */
function edits(edit: Edit, get: () => CanvasState) {
  const setData = (nodeId: string, change: Partial<NodeData>, burst: string) => {
    const node = get().nodes.find((each) => each.id === nodeId);
    if (!node || isNewer(node, get().kinds)) return;
    edit((state) => withData(state, nodeId, change), `${burst} ${nodeId}`);
  };
  return {
    setConfig: (nodeId: string, config: Record<string, unknown>) => setData(nodeId, { config }, "config"),
    setLabel: (nodeId: string, label: string) => setData(nodeId, { label }, "label"),
    insertSteps: (nodeId: string, steps: Step[]) =>
      edit((state) => withSteps(state, nodeId, steps, state.kinds)),
    addNode: (kind: Descriptor, position: Point) => {
      const node = newNode(kind, get().nodes, freePlace(get().nodes, position));
      edit((state) => withNode(state, node));
      return node.id;
    },
    addFragment: (fragment: Drawing, shift: Point) => edit((state) => withFragment(state, fragment, shift)),
    connect: (ends: Ends) => edit((state) => withEdge(state, ends)),
    remove: (nodeIds: string[], edgeIds: string[] = []) => {
      if (nodeIds.length + edgeIds.length > 0) edit((state) => without(state, nodeIds, edgeIds));
    },
    move: (positions: Record<string, Point>) =>
      edit((state) => ({
        edges: state.edges,
        nodes: state.nodes.map((node) => ({ ...node, position: positions[node.id] ?? node.position })),
      })),
  };
}

/** What requests carry as `graph`, and what is saved. */
export function graphDocument(state: CanvasState): Graph {
  return storedGraph(state, state.base);
}

/** Whether there is something to save. */
export function isDirty(state: CanvasState): boolean {
  if (state.base === null) return state.nodes.length > 0;
  if (state.name !== state.savedName) return true;
  return !sameGraph(graphDocument(state), comparable(state.base));
}

/** Whether a node was saved by a later release: it may be moved, connected and deleted, nothing else. */
export function isNewer(node: CanvasNode, kinds: Descriptor[]): boolean {
  const kind = kindOf(kinds, node.type);
  const version = node.data.type_version ?? 1;
  return kind !== undefined && version > kind.type_version;
}

/** The one node that is selected; null: none or several. */
export function selectedNodeId(state: CanvasState): string | null {
  const chosen = state.nodes.filter((node) => node.selected);
  return chosen.length === 1 ? chosen[0].id : null;
}

/** Put a drawing on the canvas, with what was selected still so. */
export function keepSelection(drawing: Drawing, nodes: CanvasNode[]): Drawing {
  const before = new Map(nodes.map((node) => [node.id, node]));
  return {
    edges: drawing.edges,
    nodes: drawing.nodes.map((node) => {
      const was = before.get(node.id);
      return was ? { ...node, selected: was.selected, measured: was.measured } : node;
    }),
  };
}

const comparables = new WeakMap<Graph, Graph>();

/** A saved document as it comes back from a canvas that nobody touched. */
function comparable(base: Graph): Graph {
  const held = comparables.get(base);
  if (held) return held;
  const made = storedGraph(drawingOf(base), base);
  comparables.set(base, made);
  return made;
}

function travelled(state: CanvasState, there: { drawing: Drawing; history: History } | null) {
  return there ? { ...keepSelection(there.drawing, state.nodes), history: there.history } : {};
}

/** A drag is one step, remembered where it starts; selecting and measuring is none. */
function changedNodes(state: CanvasState, changes: NodeChange<CanvasNode>[]): Partial<CanvasState> {
  const nodes = applyNodeChanges(changes, state.nodes);
  const moved = changes.filter((change) => change.type === "position" && change.position !== undefined);
  const removed = changes.flatMap((change) => (change.type === "remove" ? [change.id] : []));
  if (removed.length > 0) {
    const history = remembered(state.history, state, "remove", Date.now());
    return { ...without(state, removed), history };
  }
  if (moved.length === 0) return { nodes };
  const dragging = state.nodes.some((node) => node.dragging);
  // Arrow keys in a row are one step, two drags are two.
  const burst = changes.some((change) => change.type === "position" && change.dragging) ? null : "move";
  const history = dragging ? state.history : remembered(state.history, state, burst, Date.now());
  return { nodes, history };
}

function changedEdges(state: CanvasState, changes: EdgeChange[]): Partial<CanvasState> {
  const edges = applyEdgeChanges(changes, state.edges);
  const removes = changes.some((change) => change.type === "remove");
  return removes ? { edges, history: remembered(state.history, state, "remove", Date.now()) } : { edges };
}

function selecting(nodes: CanvasNode[], nodeIds: string[]): CanvasNode[] {
  const chosen = new Set(nodeIds);
  return nodes.map((node) =>
    (node.selected ?? false) === chosen.has(node.id) ? node : { ...node, selected: chosen.has(node.id) },
  );
}

function unselected(edges: Edge[]): Edge[] {
  return edges.map((edge) => (edge.selected ? { ...edge, selected: false } : edge));
}
