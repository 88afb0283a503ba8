import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { JobEvent } from "@/api/documents";
import { hasEnded, refreshJob } from "@/api/job_queries";
import { useCanvas } from "@/graph/canvas_store";
import { takeOver } from "@/graph/saving";
import { browserWorld, followJob, type Link } from "@/run/follow_job";
import { hasGap, NOTHING_YET, withEvents, type RunState } from "@/run/run_state";

/** A followed job: what its events tell, and how the connection is. */
export interface Followed {
  state: RunState;
  link: Link;
}

const NOT_FOLLOWED: Followed = { state: NOTHING_YET, link: "connecting" };
/** Events are shown in portions: a long history would otherwise draw the page thousands of times. */
const PORTION_MS = 100;

/** One connection per job, however many parts of the page show it: browsers allow six per server. */
class FollowedJob {
  private shown: Followed = NOT_FOLLOWED;
  private readonly listeners = new Set<() => void>();
  private queue: JobEvent[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private connection: ReturnType<typeof followJob> | null = null;

  constructor(private readonly jobId: string) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    this.connection ??= this.connect();
    return () => {
      this.listeners.delete(listener);
      // Later, since one part of the page often leaves just before another comes.
      setTimeout(() => this.leave(), 1_000);
    };
  };

  readonly current = (): Followed => this.shown;

  private connect(): ReturnType<typeof followJob> {
    const follower = {
      take: (events: JobEvent[]) => {
        this.queue.push(...events);
        this.timer ??= setTimeout(() => this.flush(), PORTION_MS);
      },
      seq: () => {
        this.flush();
        return this.shown.state.seq;
      },
      hasGap: () => {
        this.flush();
        return hasGap(this.shown.state);
      },
      hasEnded: () => {
        this.flush();
        return hasEnded(this.shown.state.status);
      },
      linked: (link: Link) => {
        if (link === "over") this.flush();
        if (link !== this.shown.link) this.show({ ...this.shown, link });
      },
    };
    return followJob(follower, browserWorld(this.jobId));
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.queue.length === 0) return;
    const state = withEvents(this.shown.state, this.queue);
    this.queue = [];
    if (state !== this.shown.state) this.show({ ...this.shown, state });
    if (hasGap(state)) this.connection?.askAgain();
  }

  private show(followed: Followed): void {
    this.shown = followed;
    for (const listener of [...this.listeners]) listener();
  }

  private leave(): void {
    if (this.listeners.size > 0) return;
    this.connection?.close();
    this.connection = null;
    JOBS.delete(this.jobId);
  }
}

const JOBS = new Map<string, FollowedJob>();
const IGNORE = (): (() => void) => () => undefined;
const NOTHING = (): Followed => NOT_FOLLOWED;

function followed(jobId: string): FollowedJob {
  const found = JOBS.get(jobId) ?? new FollowedJob(jobId);
  JOBS.set(jobId, found);
  return found;
}

/** What a job's events tell, live; null follows nothing. The pipeline of a job that ends is taken over. */
export function useFollowedJob(jobId: string | null, pipelineId: string | null): Followed {
  const client = useQueryClient();
  const job = useMemo(() => (jobId === null ? null : followed(jobId)), [jobId]);
  const shown = useSyncExternalStore(job?.subscribe ?? IGNORE, job?.current ?? NOTHING);
  const isOver = shown.link === "over" || shown.link === "gone";
  useEffect(() => {
    if (isOver && jobId !== null) {
      void refreshJob(client, jobId);
      void takeOverOnce(jobId, pipelineId);
    }
  }, [isOver, jobId, pipelineId, client]);
  return shown;
}

const taken = new Set<string>();

/** What the worker wrote is taken onto the canvas once, though several parts of the page see the end. */
async function takeOverOnce(jobId: string, pipelineId: string | null): Promise<void> {
  if (taken.has(jobId) || pipelineId === null || useCanvas.getState().pipelineId !== pipelineId) return;
  taken.add(jobId);
  await takeOver();
}
