import type { Job } from "@/api/documents";
import { hasEnded } from "@/api/job_queries";
import type { RunState } from "@/run/run_state";

/** What the head of a run shows, whether it came from the job's document or from its events. */
export interface RunNumbers {
  status: string;
  done: number;
  planned: number | null;
  fraction: number | null;
  /** Of the search; null where that is not known, and where nothing is searched any more. */
  etaSeconds: number | null;
  seconds: number | null;
  best: { trial: number; score: number } | null;
  counts: { complete: number; failed: number; pruned: number };
}

/** While a run is in one of these it has candidates before it: a time left is that of its search. */
export const SEARCHES: ReadonlySet<string> = new Set(["queued", "running"]);

/** The newer of what the document and the events say; events of a job that has ended are not followed. */
export function runNumbers(job: Job, state: RunState, now: number): RunNumbers {
  const isLive = state.seq > 0 && state.seq >= job.last_seq && !hasEnded(job.status);
  const numbers = isLive ? ofEvents(job, state, now) : ofDocument(job, now);
  return SEARCHES.has(numbers.status) ? numbers : { ...numbers, etaSeconds: null };
}

function ofDocument(job: Job, now: number): RunNumbers {
  const { best } = job;
  return {
    status: job.status,
    done: job.progress.done,
    planned: job.progress.planned,
    fraction: job.progress.fraction,
    etaSeconds: job.progress.eta_seconds,
    seconds: secondsBetween(job.started_at, job.finished_at, now),
    best: best === null || best.score === null ? null : { trial: best.trial, score: best.score },
    counts: job.counts,
  };
}

function ofEvents(job: Job, state: RunState, now: number): RunNumbers {
  const { complete, failed, pruned } = state.counts;
  const limit = maxSeconds(job);
  // By the server's clock alone: the reader's may be hours off.
  const elapsed = secondsBetween(state.startedAt, state.progressAt, now);
  const share = state.fits ? Math.min(state.units / state.fits, 1) : null;
  const ofTime = limit && elapsed !== null && state.progressAt ? Math.min(elapsed / limit, 1) : null;
  const isProgress = state.progressAt !== null;
  return {
    status: state.status,
    done: complete + failed + pruned,
    planned: state.planned ?? job.progress.planned,
    fraction: isProgress ? greatest(share, ofTime) : job.progress.fraction,
    etaSeconds: isProgress ? secondsLeft(share, elapsed, limit) : null,
    seconds: secondsBetween(job.started_at ?? state.startedAt, null, now),
    best: state.best,
    counts: state.counts,
  };
}

function maxSeconds(job: Job): number | null {
  const budget = (job.config?.budget ?? {}) as { max_seconds?: number | null };
  return budget.max_seconds ?? null;
}

function greatest(...values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** By the pace so far, or by the time limit where that comes first; null before the first score. */
function secondsLeft(share: number | null, elapsed: number | null, limit: number | null): number | null {
  if (elapsed === null || !share) return null;
  const byPace = (elapsed * (1 - share)) / share;
  return limit === null ? byPace : Math.min(byPace, Math.max(limit - elapsed, 0));
}

function secondsBetween(start: string | null, end: string | null, now: number): number | null {
  if (start === null) return null;
  return Math.max((end === null ? now : Date.parse(end)) - Date.parse(start), 0) / 1_000;
}
