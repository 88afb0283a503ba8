import { ask, type Answer } from "@/api/client";
import type { Finding, Graph, Migrated } from "@/api/documents";

/** A pipeline without its graph. */
export interface PipelineSummary {
  id: string;
  name: string;
  revision: number;
  created_at: string;
  updated_at: string;
}

/** A pipeline as it is opened and saved. */
export interface PipelineDocument extends PipelineSummary {
  graph: Graph;
  findings: Finding[];
  migrated: Migrated[];
  /** Of each result on the graph, whether a run would be of something else now; null: unknown. */
  stale: Record<string, boolean> | null;
}

const PAGE = 100;

const place = (id: string) => `/pipelines/${encodeURIComponent(id)}`;

/** Open a pipeline; the answer's ETag is what saving needs. */
export function openPipeline(id: string): Promise<Answer<PipelineDocument>> {
  return ask(place(id));
}

/** Keep a new pipeline. */
export function createPipeline(name: string, graph: Graph): Promise<Answer<PipelineDocument>> {
  return ask("/pipelines", { body: { name, graph } });
}

/** Save over the revision that *etag* names; 412 when somebody else saved meanwhile. */
export function replacePipeline(
  id: string,
  name: string,
  graph: Graph,
  etag: string,
): Promise<Answer<PipelineDocument>> {
  return ask(place(id), { method: "PUT", body: { name, graph }, headers: { "If-Match": etag } });
}

/** Delete the revision that was seen. */
export async function deletePipeline(id: string, revision: number): Promise<void> {
  await ask(place(id), { method: "DELETE", headers: { "If-Match": `"${revision}"` } });
}

/** Every pipeline, newest first. */
export async function listPipelines(signal?: AbortSignal): Promise<PipelineSummary[]> {
  const found: PipelineSummary[] = [];
  let after: string | null = null;
  do {
    const query: string = after === null ? "" : `&after=${encodeURIComponent(after)}`;
    const page: { items: PipelineSummary[]; next: string | null } = (
      await ask<{ items: PipelineSummary[]; next: string | null }>(`/pipelines?limit=${PAGE}${query}`, {
        signal,
      })
    ).body;
    found.push(...page.items);
    after = page.next;
  } while (after !== null);
  return found;
}
