/** The stream of a job's events: the browser's own, opened with a ticket where somebody is signed in. */
import { ask, urlOf } from "@/api/client";
import { jobPath } from "@/api/job_queries";
import { useSession } from "@/api/session";

/** The parts of an EventSource that are used. */
export interface Stream {
  onopen: ((event: Event) => void) | null;
  onerror: ((event: Event) => void) | null;
  readyState: number;
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

type Listener = (event: MessageEvent<string>) => void;

const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 2;

/** Open the stream of the events after *after*. */
export function openStream(jobId: string, after: number): Stream {
  const path = jobPath(jobId, `/events?after=${after}`);
  if (useSession.getState().token === null) return new EventSource(urlOf(path)) as unknown as Stream;
  return new TicketedStream(path, jobPath(jobId, "/events/ticket"));
}

/**
 * A stream with a ticket, since an EventSource sends no token. A ticket is good once: this one ends where the
 * browser's would try again, and who follows opens another.
 */
class TicketedStream implements Stream {
  onopen: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  readyState = CONNECTING;
  private readonly listeners: [string, Listener][] = [];
  private readonly aborter = new AbortController();
  private source: EventSource | null = null;

  constructor(path: string, ticketPath: string) {
    void this.open(path, ticketPath);
  }

  addEventListener(type: string, listener: Listener): void {
    this.listeners.push([type, listener]);
    this.source?.addEventListener(type, listener);
  }

  close(): void {
    this.readyState = CLOSED;
    this.aborter.abort();
    this.source?.close();
  }

  private async open(path: string, ticketPath: string): Promise<void> {
    try {
      const asked = { method: "POST", signal: this.aborter.signal };
      const { ticket } = (await ask<{ ticket: string }>(ticketPath, asked)).body;
      if (this.readyState !== CLOSED) this.listen(`${path}&ticket=${encodeURIComponent(ticket)}`);
    } catch {
      // Whatever it was, who follows asks for the events next and is told.
      this.fail(new Event("error"));
    }
  }

  private listen(path: string): void {
    const source = new EventSource(urlOf(path));
    this.source = source;
    source.onopen = (event) => {
      this.readyState = OPEN;
      this.onopen?.(event);
    };
    source.onerror = (event) => this.fail(event);
    for (const [type, listener] of this.listeners) source.addEventListener(type, listener);
  }

  private fail(event: Event): void {
    if (this.readyState === CLOSED) return;
    this.close();
    this.onerror?.(event);
  }
}
