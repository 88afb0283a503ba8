import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ask } from "@/api/client";
import { jobPath } from "@/api/job_queries";

/** One candidate on one fold. */
export interface TrialFold {
  repeat: number;
  fold: number;
  resource: number;
  state: string;
  scores: Record<string, number | null>;
  how: string;
  error: string | null;
}

/** One candidate, as `GET .../trials` gives it. */
export interface TrialRow {
  number: number;
  origin: string;
  state: string;
  params: Record<string, unknown>;
  number_types: Record<string, string>;
  resource: number | null;
  rung: number | null;
  n_folds: number;
  score: number | null;
  std: number | null;
  scores: Record<string, number | null>;
  error: string | null;
  started_at: string | null;
  finished_at: string | null;
  how: string[];
  folds: TrialFold[] | null;
}

interface TrialPage {
  items: TrialRow[];
  next: number | null;
}

const PAGE = 500;

async function allTrials(jobId: string, signal: AbortSignal): Promise<TrialRow[]> {
  const found: TrialRow[] = [];
  let after: number | null = -1;
  while (after !== null) {
    const path: string = jobPath(jobId, `/trials?limit=${String(PAGE)}&after=${String(after)}`);
    const page: TrialPage = (await ask<TrialPage>(path, { signal })).body;
    found.push(...page.items);
    after = page.next;
  }
  return found;
}

/** Every candidate of a job; while it is *live* they are read again, less often the more there are. */
export function useTrials(jobId: string, live: boolean) {
  return useQuery({
    queryKey: ["trials", jobId],
    queryFn: ({ signal }) => allTrials(jobId, signal),
    refetchInterval: (query) => (live ? Math.max(4_000, (query.state.data?.length ?? 0) * 10) : false),
    placeholderData: keepPreviousData,
  });
}

/** The folds of one candidate; null asks nothing. */
export function useTrialFolds(jobId: string, trial: number | null) {
  return useQuery({
    queryKey: ["trials", jobId, "folds", trial],
    queryFn: async ({ signal }) => {
      const path = jobPath(jobId, `/trials?limit=1&folds=true&after=${String((trial ?? 0) - 1)}`);
      const row = (await ask<TrialPage>(path, { signal })).body.items[0];
      return row?.number === trial ? (row.folds ?? []) : [];
    },
    enabled: trial !== null,
    staleTime: 5_000,
  });
}
