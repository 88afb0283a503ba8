/** Opening, saving and taking over what others saved: the canvas and the stored pipeline come together here. */
import type { Answer } from "@/api/client";
import { Problem } from "@/api/client";
import type { Graph } from "@/api/documents";
import { createPipeline, openPipeline, type PipelineDocument, replacePipeline } from "@/api/pipelines";
import { queryClient } from "@/api/queries";
import {
  type CanvasFacts,
  type CanvasState,
  EMPTY,
  graphDocument,
  keepSelection,
  useCanvas,
} from "@/graph/canvas_store";
import { type Drawing, drawingOf, storedGraph } from "@/graph/document";
import { NO_HISTORY, rewritten } from "@/graph/history";
import { type Conflict, mergeGraphs, type Side } from "@/graph/merge";
import { notify } from "@/graph/notices";
import { strings } from "@/strings";

/** How saving ended: with "conflict" the dialog is open. */
export type Saved = "saved" | "conflict" | "failed";

const PRECONDITION_FAILED = 412;

/** Put a stored pipeline on the canvas; what was there is gone. */
export async function openOnCanvas(id: string): Promise<void> {
  const answer = await openPipeline(id);
  useCanvas.setState((state) => ({
    ...EMPTY,
    ...facts(answer),
    ...drawingOf(answer.body.graph),
    history: NO_HISTORY,
    opened: state.opened + 1,
  }));
}

/** Begin a pipeline that is stored nowhere yet. */
export function startNew(name: string): void {
  useCanvas.setState({ ...EMPTY, name });
}

let running: Promise<Saved> | null = null;

/** Save the canvas: a new pipeline at first, over the revision that was opened later. */
export function savePipeline(): Promise<Saved> {
  // Saves wait for each other: the second needs the revision of the first.
  const next = running === null ? save() : running.then(save);
  const tracked = next.finally(() => {
    if (running === tracked) running = null;
  });
  running = tracked;
  return tracked;
}

/** Merge what was saved elsewhere into the canvas: a run or an apply wrote on the stored pipeline. */
export async function takeOver(): Promise<void> {
  const id = useCanvas.getState().pipelineId;
  if (id === null) return;
  const answer = await openPipeline(id);
  const state = useCanvas.getState();
  // Somebody opened another pipeline meanwhile.
  if (state.pipelineId !== id) return;
  if (answer.etag === state.etag) {
    useCanvas.setState({ stale: answer.body.stale ?? {}, findings: answer.body.findings });
    return;
  }
  merge(answer, state, false);
}

/** End a conflict: each value as it was decided, by its key; what is not named stays mine. */
export async function resolveConflict(picks: Record<string, Side>): Promise<Saved> {
  const state = useCanvas.getState();
  const { conflict } = state;
  if (!conflict || !state.base) return "failed";
  takeMerged(conflict.theirs.graph, state, (each) => picks[each.key] ?? "mine");
  const { graph: _graph, name, ...known } = conflict.theirs;
  useCanvas.setState({ ...known, savedName: name, conflict: null });
  return conflict.save ? savePipeline() : "saved";
}

async function save(): Promise<Saved> {
  const state = useCanvas.getState();
  const sent = graphDocument(state);
  useCanvas.setState({ saving: true });
  try {
    const answer =
      state.pipelineId === null || state.etag === null
        ? await createPipeline(state.name || strings.app.untitled, sent)
        : await replacePipeline(state.pipelineId, state.name, sent, state.etag);
    settle(answer, sent);
    void queryClient.invalidateQueries({ queryKey: ["pipelines"] });
    return "saved";
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return await refused(error, state.pipelineId);
  } finally {
    useCanvas.setState({ saving: false });
  }
}

/** The answer is what is stored now; what was edited while it came stays. */
function settle(answer: Answer<PipelineDocument>, sent: Graph): void {
  const state = useCanvas.getState();
  const renamed = state.name === "" ? { name: answer.body.name } : {};
  takeMerged(answer.body.graph, { ...state, base: sent }, () => "mine");
  const { name: _name, ...known } = facts(answer);
  useCanvas.setState({ ...known, ...renamed });
}

async function refused(problem: Problem, id: string | null): Promise<Saved> {
  if (problem.status !== PRECONDITION_FAILED || id === null) {
    notify(problem.findings[0]?.message ?? problem.detail, "error");
    return "failed";
  }
  try {
    const answer = await openPipeline(id);
    if (merge(answer, useCanvas.getState(), true)) return "conflict";
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    notify(error.detail, "error");
    return "failed";
  }
  notify(strings.app.merged, "info");
  return save();
}

/** Merge where nothing has to be decided, else open the dialog; says whether it is open. */
function merge(answer: Answer<PipelineDocument>, state: CanvasState, saves: boolean): boolean {
  const theirs = answer.body.graph;
  const { conflicts } = mergeGraphs(state.base ?? theirs, graphDocument(state), theirs);
  if (conflicts.length > 0) {
    const { name, revision } = answer.body;
    const conflict = {
      theirs: { graph: theirs, name, revision, etag: answer.etag ?? "" },
      conflicts,
      save: saves,
    };
    useCanvas.setState({ conflict });
    return true;
  }
  takeMerged(theirs, state, () => "mine");
  const { name, ...known } = facts(answer);
  const untouched = state.name === state.savedName;
  useCanvas.setState(untouched ? { ...known, name } : known);
  return false;
}

/** What a server wrote is in every earlier state, too: undo takes back only what was done here. */
function takeMerged(theirs: Graph, state: CanvasState, choose: (conflict: Conflict) => Side): void {
  const base = state.base ?? theirs;
  const mergeDrawing = (drawing: Drawing): Drawing =>
    drawingOf(mergeGraphs(base, storedGraph(drawing, base), theirs, choose).graph);
  const merged = keepSelection(mergeDrawing(state), state.nodes);
  useCanvas.setState({ ...merged, base: theirs, history: rewritten(state.history, mergeDrawing) });
}

function facts({
  body,
  etag,
}: Answer<PipelineDocument>): Omit<
  CanvasFacts,
  "nodes" | "edges" | "history" | "opened" | "kinds" | "saving" | "conflict"
> {
  return {
    pipelineId: body.id,
    name: body.name,
    savedName: body.name,
    revision: body.revision,
    etag: etag ?? `"${body.revision}"`,
    base: body.graph,
    migrated: body.migrated,
    findings: body.findings,
    stale: body.stale ?? {},
  };
}
