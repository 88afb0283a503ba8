import { ask, Problem } from "@/api/client";
import type { Finding, Job } from "@/api/documents";
import { JOBS_PATH } from "@/api/job_queries";
import { graphDocument, isDirty, useCanvas } from "@/graph/canvas_store";
import { sameSettings } from "@/graph/document";
import { savePipeline, takeOver } from "@/graph/saving";

/** What became of pressing Run. */
export type Started =
  | { kind: "started"; job: Job }
  | { kind: "busy"; jobId: string }
  | { kind: "unsaved"; why: "conflict" | "failed" | "changed" }
  | { kind: "refused"; detail: string; findings: Finding[] };

/** Names of runs that were asked for without an answer: asking again with the same one starts no second run. */
const unanswered = new Map<string, string>();

const STALE_REVISION = "stale_revision";

/**
 * Save what is not saved, then run the node of the stored pipeline.
 *
 * A run that has ended wrote its result on the pipeline, which may not be here yet: that is taken over, and the
 * node runs. Where anything came that a run depends on, somebody looks at it first.
 */
export async function startRun(nodeId: string): Promise<Started> {
  try {
    return await submit(nodeId);
  } catch (error) {
    if (!isStale(error)) return refusal(error);
  }
  const seen = graphDocument(useCanvas.getState());
  try {
    await takeOver();
    if (useCanvas.getState().conflict) return { kind: "unsaved", why: "conflict" };
    if (!sameSettings(seen, graphDocument(useCanvas.getState()))) return { kind: "unsaved", why: "changed" };
    return await submit(nodeId);
  } catch (error) {
    return refusal(error);
  }
}

async function submit(nodeId: string): Promise<Started> {
  if (useCanvas.getState().pipelineId === null || isDirty(useCanvas.getState())) {
    const saved = await savePipeline();
    if (saved !== "saved") return { kind: "unsaved", why: saved };
  }
  const { pipelineId, revision } = useCanvas.getState();
  const place = `${pipelineId} ${nodeId}`;
  const runId = unanswered.get(place) ?? newRunId();
  unanswered.set(place, runId);
  const body = { run_id: runId, pipeline_id: pipelineId, node_id: nodeId, base_revision: revision };
  try {
    const job = (await ask<Job>(JOBS_PATH, { method: "POST", body })).body;
    unanswered.delete(place);
    return { kind: "started", job };
  } catch (error) {
    if (error instanceof Problem && error.status !== 0) unanswered.delete(place);
    throw error;
  }
}

function isStale(error: unknown): boolean {
  return error instanceof Problem && error.code === STALE_REVISION;
}

function refusal(problem: unknown): Started {
  if (!(problem instanceof Problem)) throw problem;
  const jobId = problem.document.job_id;
  if (problem.code === "already_running" && typeof jobId === "string") return { kind: "busy", jobId };
  const findings = problem.findings.filter((finding) => finding.severity !== "warning");
  return { kind: "refused", detail: problem.detail, findings };
}

/** Random, also where the page is not served over https and `randomUUID` is missing. */
function newRunId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
