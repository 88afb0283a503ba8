import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type QueryClient,
} from "@tanstack/react-query";
import { ask } from "@/api/client";
import type { Job, Report } from "@/api/documents";

/** Where jobs live in the contract. */
export const JOBS_PATH = "hyperparameter-tuning-jobs";
const LIVE_REFRESH_MS = 5_000;
const PAGE = 20;

/** Path of one job, or of something below it. */
export function jobPath(jobId: string, part = ""): string {
  return `${JOBS_PATH}/${encodeURIComponent(jobId)}${part}`;
}

interface JobPage {
  items: Job[];
  next: string | null;
}

const ENDED: ReadonlySet<string> = new Set(["succeeded", "failed", "cancelled"]);

/** Whether a job in this state never changes any more. */
export function hasEnded(status: string | undefined): boolean {
  return status !== undefined && ENDED.has(status);
}

/** One job, looked at again while it is not over. */
export function useJob(jobId: string | null | undefined) {
  return useQuery({
    queryKey: ["job", jobId],
    queryFn: async ({ signal }) => (await ask<Job>(jobPath(jobId ?? ""), { signal })).body,
    enabled: Boolean(jobId),
    refetchInterval: (query) => (hasEnded(query.state.data?.status) ? false : LIVE_REFRESH_MS),
  });
}

/** The report of a job; while the search goes on it is asked for again now and then. */
export function useReport(jobId: string | null | undefined, enabled = true) {
  return useQuery({
    queryKey: ["report", jobId],
    queryFn: async ({ signal }) => (await ask<Report>(jobPath(jobId ?? "", "/report"), { signal })).body,
    enabled: Boolean(jobId) && enabled,
    refetchInterval: (query) => (query.state.data?.final ? false : LIVE_REFRESH_MS),
    placeholderData: keepPreviousData,
  });
}

function listPath(pipelineId: string, nodeId: string, more: Record<string, string | string[]>): string {
  const query = new URLSearchParams({ pipeline_id: pipelineId, node_id: nodeId });
  for (const [name, value] of Object.entries(more)) {
    for (const item of [value].flat()) {
      query.append(name, item);
    }
  }
  return `${JOBS_PATH}?${query.toString()}`;
}

/** The newest run of a node, or null: what the badge on the canvas shows. */
export function useNewestJob(pipelineId: string | null, nodeId: string) {
  return useQuery({
    queryKey: ["jobs", pipelineId, nodeId, "newest"],
    queryFn: async ({ signal }) => {
      const path = listPath(pipelineId ?? "", nodeId, { limit: "1" });
      return (await ask<JobPage>(path, { signal })).body.items[0] ?? null;
    },
    enabled: pipelineId !== null,
  });
}

/** The runs of a node, newest first, page by page; *status* restricts them. */
export function useNodeJobs(pipelineId: string | null, nodeId: string, status: readonly string[] = []) {
  return useInfiniteQuery({
    queryKey: ["jobs", pipelineId, nodeId, "pages", [...status]],
    initialPageParam: "",
    queryFn: async ({ pageParam, signal }) => {
      const more = { limit: String(PAGE), status: [...status], ...(pageParam ? { after: pageParam } : {}) };
      return (await ask<JobPage>(listPath(pipelineId ?? "", nodeId, more), { signal })).body;
    },
    getNextPageParam: (page) => page.next,
    enabled: pipelineId !== null,
  });
}

/** Let everything that shows this job, or lists of jobs, look again. */
export async function refreshJob(client: QueryClient, jobId: string): Promise<void> {
  const keys = [["job", jobId], ["report", jobId], ["trials", jobId], ["preview", jobId], ["jobs"]];
  await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
}

/** A verb of the contract on one job; afterwards everything that shows the job looks again. */
export function useJobVerb(jobId: string, verb: "stop" | "cancel") {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async () => (await ask<Job>(jobPath(jobId, `/${verb}`), { method: "POST" })).body,
    onSettled: () => refreshJob(client, jobId),
  });
}

/** Limits that a continued run may have on top. */
export type RaisedBudget = Record<string, number | null>;

/** Go on with a run that has ended: a new job with its finished folds. */
export function useResume(jobId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (budget: RaisedBudget) =>
      (await ask<Job>(jobPath(jobId, "/resume"), { method: "POST", body: { budget } })).body,
    onSuccess: () => client.invalidateQueries({ queryKey: ["jobs"] }),
  });
}

/** What people call a run, and note about it. */
export interface JobWords {
  name?: string | null;
  note?: string | null;
}

/** Name a run, or note something about it. */
export function useDescribe(jobId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (words: JobWords) =>
      (await ask<Job>(jobPath(jobId), { method: "PATCH", body: words })).body,
    onSuccess: async (job) => {
      client.setQueryData(["job", jobId], job);
      await client.invalidateQueries({ queryKey: ["jobs"] });
    },
  });
}

const NEWEST_APPLIED = 10;

/** The newest runs of a node whose parameters stand on model nodes, whole: their patches say which. */
export async function appliedJobs(pipelineId: string, nodeId: string, signal?: AbortSignal): Promise<Job[]> {
  const path = listPath(pipelineId, nodeId, { applied: "true", limit: String(NEWEST_APPLIED) });
  const { items } = (await ask<JobPage>(path, { signal })).body;
  return Promise.all(items.map(async (job) => (await ask<Job>(jobPath(job.id), { signal })).body));
}

/** Delete a run that has ended. */
export function useDeleteJob(jobId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => ask<null>(jobPath(jobId), { method: "DELETE" }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["jobs"] }),
  });
}
