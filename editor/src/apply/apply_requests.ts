import { useQuery } from "@tanstack/react-query";
import { ask, Problem } from "@/api/client";
import type { Job, Validation, WriteBack } from "@/api/documents";
import { jobPath, refreshJob } from "@/api/job_queries";
import { openPipeline } from "@/api/pipelines";
import { queryClient } from "@/api/queries";
import type { ApplyRequest, PreviewRow } from "@/apply/apply_choice";
import { useCanvas } from "@/graph/canvas_store";
import { notify } from "@/graph/notices";
import { takeOver } from "@/graph/saving";
import { strings } from "@/strings";

const words = strings.apply;

async function preview(jobId: string, trial: number | null, signal?: AbortSignal): Promise<PreviewRow[]> {
  const path = jobPath(jobId, `/apply-preview${trial === null ? "" : `?trial=${trial}`}`);
  return (await ask<{ rows: PreviewRow[] }>(path, { signal })).body.rows;
}

/** Before and after, as the stored pipeline is now. */
export function usePreview(jobId: string, trial: number | null, enabled: boolean) {
  return useQuery({
    queryKey: ["preview", jobId, trial],
    queryFn: ({ signal }) => preview(jobId, trial, signal),
    enabled,
    staleTime: 0,
  });
}

/** What stands in the way of trusting a score now. */
export interface Standing {
  isStale: boolean;
  /** Sentences of the validator on the path of the data. */
  paths: string[];
}

/** Whether the run is of what the pipeline is now, and whether model and search see the same data. */
export function useStanding(job: Job | undefined) {
  return useQuery({
    queryKey: ["standing", job?.id],
    enabled: job !== undefined && job.pipeline_id !== null,
    staleTime: 0,
    queryFn: () => standing(job as Job),
  });
}

async function standing(job: Job): Promise<Standing> {
  const pipeline = (await openPipeline(job.pipeline_id ?? "")).body;
  const node = pipeline.graph.nodes.find((each) => each.id === job.node_id);
  if (node === undefined) return { isStale: true, paths: [] };
  const body = { pipeline_id: job.pipeline_id, node_id: job.node_id, config: job.config };
  const { findings } = (await ask<Validation>(`nodes/${node.type}/validate`, { body })).body;
  return {
    isStale: isStale(job, node.data.result ?? null, pipeline.stale?.[node.id]),
    paths: findings.filter((finding) => finding.code === "path_differs").map((finding) => finding.message),
  };
}

/** The server judges the result on the node; a run of the same thing shares its fate. */
export function isStale(
  job: Job,
  result: Record<string, unknown> | null,
  isResultStale: boolean | undefined,
): boolean {
  if (result === null || isResultStale === undefined) return false;
  const isSame = result.job_id === job.id || result.fingerprint === job.fingerprints.run;
  // Another run than the one that is up to date is of something else; of two that are not, nothing is known.
  return isSame ? isResultStale : !isResultStale;
}

/** Whether the pipeline holds other values than the person has seen: asked before anything is overwritten. */
export async function hasMoved(
  jobId: string,
  trial: number | null,
  seen: readonly PreviewRow[],
): Promise<boolean> {
  return JSON.stringify(await preview(jobId, trial)) !== JSON.stringify(seen);
}

/** Write what was chosen; the canvas takes over what was written, also where a later request was refused. */
export async function applyAll(job: Job, requests: readonly ApplyRequest[]): Promise<WriteBack[]> {
  const writeBacks: WriteBack[] = [];
  try {
    for (const body of requests) {
      const answer = await ask<{ write_back: WriteBack }>(jobPath(job.id, "/apply"), { body });
      writeBacks.push(answer.body.write_back);
    }
  } finally {
    await settle(job);
  }
  return writeBacks;
}

/** Take back what a run wrote, its newest *times* patches, and say how that went. */
export async function revert(job: Job, times = 1): Promise<void> {
  try {
    for (let count = 0; count < times; count += 1) {
      await ask(jobPath(job.id, "/revert"), { method: "POST", body: {} });
    }
    notify(words.undone, "success");
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const isConflict = error.code === "write_back_conflict";
    notify(isConflict ? words.undoConflict : error.detail, isConflict ? "warning" : "error");
  } finally {
    await settle(job);
  }
}

async function settle(job: Job): Promise<void> {
  const isOnCanvas = job.pipeline_id !== null && useCanvas.getState().pipelineId === job.pipeline_id;
  await Promise.all([
    refreshJob(queryClient, job.id),
    queryClient.invalidateQueries({ queryKey: ["standing"] }),
    isOnCanvas ? takeOver() : undefined,
  ]);
}
