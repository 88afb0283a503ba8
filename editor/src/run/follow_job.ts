import { ask, Problem } from "@/api/client";
import type { JobEvent } from "@/api/documents";
import { openStream, type Stream } from "@/api/event_stream";
import { jobPath } from "@/api/job_queries";

/** How the connection to a job's events is: `over` when nothing more comes, `gone` when the job is not there. */
export type Link = "connecting" | "live" | "lost" | "over" | "gone";

/** A page of events, as the long poll gives it. */
export interface EventPage {
  items: JobEvent[];
  next_after: number;
  terminal: boolean;
}

/** What following needs of the world around; tests bring their own. */
export interface World {
  open(after: number): Stream;
  poll(after: number, wait: number, signal: AbortSignal): Promise<EventPage>;
  later(work: () => void, ms: number): () => void;
}

/** Who follows: takes events in any order, knows how far it is, and whether some are missing. */
export interface Follower {
  take(events: JobEvent[]): void;
  /** Number of the last event that counts. */
  seq(): number;
  hasGap(): boolean;
  hasEnded(): boolean;
  linked(link: Link): void;
}

/** Every type of event by name: an EventSource tells only of those that are asked for. Others show as a gap. */
export const EVENT_TYPES = [
  ...["queued", "running", "progress", "stopping", "cancelling", "requeued"].map((name) => `job.${name}`),
  ...["succeeded", "failed", "cancelled"].map((name) => `job.${name}`),
  ...["started", "finished", "importances"].map((name) => `search.${name}`),
  ...["trial.started", "trial.finished", "best.updated", "rung.completed", "budget.warning", "log"],
  ...["pending", "proposed", "applied", "conflict", "skipped", "reverted"].map((name) => `writeback.${name}`),
];

const CLOSED = 2;
const RETRY_MS = 2_000;
const POLL_SECONDS = 20;
/** Streams in a row that end without a word, before the long poll is used instead: a proxy may hold them back. */
const MOST_SILENT = 2;
/** A stream that says nothing at all for so long, not even that it is open, is held back somewhere. */
const OPEN_MS = 10_000;

/** Follow a job from where the follower is: a stream, or a long poll where streams do not get through. */
export function followJob(follower: Follower, world: World): { close: () => void; askAgain: () => void } {
  const connection = new Connection(follower, world);
  connection.openStream();
  return { close: () => connection.close(), askAgain: () => void connection.fillGap() };
}

class Connection {
  private stream: Stream | null = null;
  private silent = 0;
  private isFilling = false;
  private cancelWait: () => void = () => undefined;
  private readonly aborter = new AbortController();

  constructor(
    private readonly follower: Follower,
    private readonly world: World,
  ) {}

  close(): void {
    this.aborter.abort();
    this.cancelWait();
    this.stream?.close();
    this.stream = null;
  }

  openStream(): void {
    const stream = this.world.open(this.follower.seq());
    this.stream = stream;
    let hasSpoken = false;
    const speak = () => {
      hasSpoken = true;
      this.silent = 0;
      this.cancelWait();
      this.follower.linked("live");
    };
    stream.onopen = speak;
    for (const type of EVENT_TYPES) {
      stream.addEventListener(type, (event) => {
        speak();
        this.take([JSON.parse(event.data) as JobEvent]);
      });
    }
    stream.onerror = () => this.broke(stream, hasSpoken);
    this.wait(() => this.broke(stream, false, true), OPEN_MS);
  }

  /** The browser tries again by itself, unless the server refused, or the job has ended and all was told. */
  private broke(stream: Stream, hasSpoken: boolean, isHeldBack = false): void {
    if (this.stream !== stream) return;
    if (!hasSpoken) this.silent += 1;
    const triesItself = stream.readyState !== CLOSED && !isHeldBack && this.silent < MOST_SILENT;
    if (triesItself && !this.follower.hasEnded()) {
      this.follower.linked("lost");
      return;
    }
    stream.close();
    this.stream = null;
    void this.look();
  }

  /** Ask once what there is, then go on by the way that gets through. */
  private async look(): Promise<void> {
    const page = await this.poll(0);
    if (page === null) return;
    if (page.terminal) this.follower.linked("over");
    else if (this.silent < MOST_SILENT) this.wait(() => this.openStream(), this.silent ? RETRY_MS : 0);
    else await this.pollOn();
  }

  private async pollOn(): Promise<void> {
    for (;;) {
      const page = await this.poll(POLL_SECONDS);
      if (page === null) return;
      this.follower.linked(page.terminal ? "over" : "live");
      if (page.terminal) return;
    }
  }

  /** One question; null after a failure, when the next one is arranged, or after the end. */
  private async poll(wait: number): Promise<EventPage | null> {
    try {
      const page = await this.world.poll(this.follower.seq(), wait, this.aborter.signal);
      if (this.aborter.signal.aborted) return null;
      this.take(page.items);
      return page;
    } catch (error) {
      if (this.aborter.signal.aborted) return null;
      const isGone = error instanceof Problem && error.status === 404;
      this.follower.linked(isGone ? "gone" : "lost");
      if (!isGone) this.wait(() => void this.look(), RETRY_MS);
      return null;
    }
  }

  private take(events: JobEvent[]): void {
    this.follower.take(events);
  }

  /** Ask for what is missing before events that came early; what is asked for twice does no harm. */
  async fillGap(): Promise<void> {
    if (this.isFilling || this.aborter.signal.aborted) return;
    this.isFilling = true;
    try {
      while (this.follower.hasGap()) {
        const page = await this.world.poll(this.follower.seq(), 0, this.aborter.signal);
        if (this.aborter.signal.aborted || page.items.length === 0) break;
        this.take(page.items);
      }
    } catch {
      // The connection is down: the gap is seen again with the next event that comes.
    } finally {
      this.isFilling = false;
    }
  }

  private wait(work: () => void, ms: number): void {
    this.cancelWait();
    this.cancelWait = this.world.later(work, ms);
  }
}

/** The browser's streams, fetch and timers, for one job. */
export function browserWorld(jobId: string): World {
  return {
    open: (after) => openStream(jobId, after),
    poll: async (after, wait, signal) =>
      (await ask<EventPage>(jobPath(jobId, `/events?after=${after}&wait=${wait}`), { signal })).body,
    later: (work, ms) => {
      const timer = setTimeout(work, ms);
      return () => clearTimeout(timer);
    },
  };
}
