/** What is done with whole pipelines: examples, copies, files. Each becomes a stored pipeline and is opened. */
import { Problem } from "@/api/client";
import type { Graph } from "@/api/documents";
import { createPipeline, deletePipeline } from "@/api/pipelines";
import { type ExamplePipeline, queryClient } from "@/api/queries";
import { graphDocument, useCanvas } from "@/graph/canvas_store";
import { notify } from "@/graph/notices";
import { readGraph, writtenGraph } from "@/graph/reading";
import { saveFile } from "@/graph/saved_files";
import { strings } from "@/strings";

const words = strings.app;

/** The place of a pipeline in the address bar. */
export function pipelinePath(id: string): string {
  return `/pipelines/${encodeURIComponent(id)}`;
}

/** Make a pipeline of an example and open it. */
export function openExample(example: ExamplePipeline): Promise<void> {
  return keepAndOpen(example.name, example.graph);
}

/** Make a copy of the pipeline on the canvas, without its results, and open it. */
export function duplicatePipeline(): Promise<void> {
  const state = useCanvas.getState();
  const graph = graphDocument(state);
  const nodes = graph.nodes.map(({ data: { result: _result, ...data }, ...node }) => ({ ...node, data }));
  return keepAndOpen(words.copyOf(state.name || words.untitled), { ...graph, nodes });
}

/** Make a pipeline of a file and open it; rubbish is refused in a sentence. */
export async function importFile(file: File): Promise<void> {
  const read = readGraph(await file.text());
  if ("refusal" in read) {
    notify(read.refusal, "error");
    return;
  }
  const name = read.name ?? file.name.replace(/\.json$/i, "");
  await keepAndOpen(name, read.graph, words.imported(name));
}

/** Give the pipeline on the canvas as a file. */
export function exportFile(): void {
  const state = useCanvas.getState();
  const blob = new Blob([writtenGraph(graphDocument(state))], { type: "application/json" });
  saveFile(blob, `${fileName(state.name || words.untitled)}.json`);
}

/** Delete a pipeline as it was seen; says whether it is gone. */
export async function removePipeline(id: string, name: string, revision: number): Promise<boolean> {
  try {
    await deletePipeline(id, revision);
  } catch (error) {
    tell(error);
    return false;
  } finally {
    void queryClient.invalidateQueries({ queryKey: ["pipelines"] });
  }
  notify(words.deleted(name), "success");
  return true;
}

async function keepAndOpen(name: string, graph: Graph, said?: string): Promise<void> {
  try {
    const { body } = await createPipeline(name.slice(0, 200), graph);
    void queryClient.invalidateQueries({ queryKey: ["pipelines"] });
    if (said) notify(said, "success");
    location.hash = pipelinePath(body.id);
  } catch (error) {
    tell(error);
  }
}

function tell(error: unknown): void {
  if (!(error instanceof Problem)) throw error;
  notify(error.findings[0]?.message ?? error.detail, "error");
}

function fileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^-+|-+$/g, "") || "pipeline";
}
