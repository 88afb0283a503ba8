import { useMemo } from "react";
import type { Job } from "@/api/documents";
import { hasEnded } from "@/api/job_queries";
import { useTrials } from "@/api/trial_queries";
import { useFollowedJob } from "@/run/followed_jobs";
import type { Link } from "@/run/follow_job";
import { type RunNumbers, runNumbers } from "@/run/run_numbers";
import type { RunState } from "@/run/run_state";
import { type ShownTrial, shownTrials } from "@/run/trial_rows";
import { useClock } from "@/run/use_clock";

/** Everything that the parts of a run show. */
export interface Run {
  job: Job;
  isLive: boolean;
  link: Link;
  live: RunState;
  numbers: RunNumbers;
  trials: ShownTrial[];
  trialsFailed: Error | null;
}

/** The live numbers of a job: its document, and its events while it is not over. */
export function useRunNumbers(job: Job): {
  numbers: RunNumbers;
  live: RunState;
  link: Link;
  isLive: boolean;
} {
  const isLive = !hasEnded(job.status);
  const { state, link } = useFollowedJob(isLive ? job.id : null, job.pipeline_id);
  const now = useClock(isLive);
  return { numbers: runNumbers(job, state, now), live: state, link, isLive };
}

/** A job with its candidates, live while it is not over. */
export function useRun(job: Job): Run {
  const { numbers, live, link, isLive } = useRunNumbers(job);
  const stored = useTrials(job.id, isLive);
  const trials = useMemo(() => shownTrials(stored.data ?? [], live, isLive), [stored.data, live, isLive]);
  return {
    job,
    isLive,
    link,
    live,
    numbers,
    trials,
    trialsFailed: trials.length === 0 ? stored.error : null,
  };
}
