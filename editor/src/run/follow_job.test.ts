import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "@/api/client";
import type { JobEvent } from "@/api/documents";
import type { Stream } from "@/api/event_stream";
import { followJob, type EventPage, type Link, type World } from "@/run/follow_job";
import { hasGap, NOTHING_YET, withEvents } from "@/run/run_state";

/** A server with a job's events, and a network that the test breaks. */
class Server {
  readonly events: JobEvent[] = [];
  readonly streams: FakeStream[] = [];
  readonly asked: number[] = [];
  isDown = false;
  isOver = false;

  tell(...types: string[]): void {
    for (const type of types) {
      const state = type.startsWith("job.") ? { state: type.slice(4) } : {};
      this.events.push({ job_id: "j", seq: this.events.length + 1, type, at: "", data: state });
    }
  }

  page(after: number): EventPage {
    const items = this.events.filter((event) => event.seq > after);
    return { items, next_after: this.events.length, terminal: this.isOver };
  }
}

class FakeStream implements Stream {
  onopen: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  readyState = 0;
  private readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();

  constructor(readonly after: number) {}

  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void {
    this.listeners.set(type, listener);
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.(new Event("open"));
  }

  give(event: JobEvent): void {
    this.listeners.get(event.type)?.(new MessageEvent(event.type, { data: JSON.stringify(event) }));
  }

  break(readyState: number): void {
    this.readyState = readyState;
    this.onerror?.(new Event("error"));
  }

  close(): void {
    this.readyState = 2;
  }
}

function follow(server: Server) {
  let state = NOTHING_YET;
  const links: Link[] = [];
  const world: World = {
    open: (after) => {
      const stream = new FakeStream(after);
      server.streams.push(stream);
      return stream;
    },
    poll: async (after, wait) => {
      server.asked.push(after);
      if (server.isDown) throw new Problem(0, { code: "unreachable" });
      if (wait > 0 && server.page(after).items.length === 0 && !server.isOver) {
        await new Promise((resolve) => setTimeout(resolve, wait * 1_000));
      }
      return server.page(after);
    },
    later: (work, ms) => {
      const timer = setTimeout(work, ms);
      return () => clearTimeout(timer);
    },
  };
  const connection = followJob(
    {
      take: (events) => {
        state = withEvents(state, events);
        if (hasGap(state)) connection.askAgain();
      },
      seq: () => state.seq,
      hasGap: () => hasGap(state),
      hasEnded: () => ["succeeded", "failed", "cancelled"].includes(state.status),
      linked: (link) => links.push(link),
    },
    world,
  );
  return { connection, links, state: () => state };
}

const last = <T>(items: readonly T[]): T => items[items.length - 1] as T;

describe("following a job", () => {
  let server: Server;

  beforeEach(() => {
    vi.useFakeTimers();
    server = new Server();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it("takes what the stream gives and says that it is live", () => {
    const { links, state } = follow(server);
    server.tell("job.queued", "job.running");
    last(server.streams).open();
    server.events.forEach((event) => last(server.streams).give(event));
    expect(state().status).toBe("running");
    expect(last(links)).toBe("live");
  });

  it("says that the connection is lost while the browser tries again", () => {
    const { links } = follow(server);
    last(server.streams).open();
    last(server.streams).break(0);
    expect(last(links)).toBe("lost");
    last(server.streams).open();
    expect(last(links)).toBe("live");
    expect(server.streams).toHaveLength(1);
  });

  it("asks for what is missing before it accepts what came after it", async () => {
    const { state } = follow(server);
    server.tell("job.queued", "job.running", "log", "job.stopping");
    last(server.streams).open();
    last(server.streams).give(server.events[0] as JobEvent);
    last(server.streams).give(server.events[3] as JobEvent);
    expect(state().seq).toBe(1);
    await vi.advanceTimersByTimeAsync(0);
    expect(server.asked).toEqual([1]);
    expect(state().seq).toBe(4);
    expect(state().status).toBe("stopping");
  });

  it("goes on from where it was after the server refused, with a stream of its own", async () => {
    const { state } = follow(server);
    server.tell("job.queued");
    last(server.streams).open();
    last(server.streams).give(server.events[0] as JobEvent);
    server.isDown = true;
    last(server.streams).break(2);
    await vi.advanceTimersByTimeAsync(2_100);
    server.tell("job.running");
    server.isDown = false;
    await vi.advanceTimersByTimeAsync(2_100);
    expect(state().seq).toBe(2);
    expect(last(server.streams).after).toBe(2);
  });

  it("ends once the job has ended and all is told, without a cry of a lost connection", async () => {
    const { links } = follow(server);
    server.tell("job.queued", "job.succeeded");
    last(server.streams).open();
    server.events.forEach((event) => last(server.streams).give(event));
    server.isOver = true;
    last(server.streams).break(0);
    await vi.advanceTimersByTimeAsync(10);
    expect(last(links)).toBe("over");
    expect(links).not.toContain("lost");
  });

  it("polls where streams never open", async () => {
    const { state, links } = follow(server);
    server.tell("job.queued");
    await vi.advanceTimersByTimeAsync(10_001);
    await vi.advanceTimersByTimeAsync(12_001);
    expect(state().seq).toBe(1);
    server.tell("job.running");
    await vi.advanceTimersByTimeAsync(21_000);
    expect(state().status).toBe("running");
    expect(last(links)).toBe("live");
    expect(server.streams).toHaveLength(2);
  });

  it("says that a job which was deleted is gone, and asks no more", async () => {
    const { links } = follow(server);
    vi.spyOn(server, "page").mockImplementation(() => {
      throw new Problem(404, { code: "not_found" });
    });
    last(server.streams).open();
    last(server.streams).break(2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(last(links)).toBe("gone");
    expect(server.asked).toHaveLength(1);
  });

  it("does nothing any more after it was closed", async () => {
    const { connection } = follow(server);
    connection.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.streams).toHaveLength(1);
    expect(server.asked).toEqual([]);
  });
});
