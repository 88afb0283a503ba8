import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ask, askFile, Problem, refusalOf } from "@/api/client";
import { openStream } from "@/api/event_stream";
import { signedIn, signIn, signOut, useSession } from "@/api/session";

const UNKNOWN = { code: "invalid_token", detail: "This token is not known here." };
const MISSING = { code: "not_signed_in", detail: "Send a token." };

/** A server that lets in who has this token. */
function guarded(token: string, answer: () => Response = () => Response.json({ fine: true })) {
  const sent: (string | null)[] = [];
  vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
    const carried = new Headers(init.headers).get("Authorization");
    sent.push(carried);
    if (carried === `Bearer ${token}`) return answer();
    return Response.json(carried === null ? MISSING : UNKNOWN, { status: 401 });
  });
  return sent;
}

beforeEach(() => {
  sessionStorage.clear();
  signOut();
  useSession.setState({ isAsked: false });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("a server that wants to know who asks", () => {
  it("is asked again, with the token, once somebody has signed in", async () => {
    const sent = guarded("good");
    const both = Promise.all([ask<{ fine: boolean }>("/a"), ask<{ fine: boolean }>("/b")]);
    await vi.waitFor(() => expect(useSession.getState().isAsked).toBe(true));
    signIn("good");
    expect((await both).map((answer) => answer.body.fine)).toEqual([true, true]);
    expect(sent).toEqual([null, null, "Bearer good", "Bearer good"]);
    expect(useSession.getState().isAsked).toBe(false);
    expect(sessionStorage.getItem("hpt-token")).toBe("good");
  });

  it("is not asked for a token again by a question that was on its way with the old one", async () => {
    signIn("old");
    let isHeld = true;
    vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
      const carried = new Headers(init.headers).get("Authorization");
      await vi.waitFor(() => expect(isHeld).toBe(false));
      return carried === "Bearer new" ? Response.json({}) : Response.json(UNKNOWN, { status: 401 });
    });
    const question = ask("/a");
    signIn("new");
    isHeld = false;
    await question;
    expect(useSession.getState().isAsked).toBe(false);
  });

  it("asks for a token when the one in use is revoked", async () => {
    signIn("revoked");
    guarded("good");
    const question = ask("/a");
    await vi.waitFor(() => expect(useSession.getState().isAsked).toBe(true));
    signIn("good");
    await question;
  });

  it("lets a question that is given up go", async () => {
    const aborter = new AbortController();
    const waiting = signedIn(aborter.signal);
    aborter.abort();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  });

  it("says why a token is no good, and nothing of one that is", async () => {
    guarded("good");
    expect(await refusalOf("bad")).toBe(UNKNOWN.detail);
    expect(await refusalOf("good")).toBeNull();
    expect(useSession.getState().token).toBeNull();
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no network")));
    expect(await refusalOf("good")).toContain("does not answer");
  });

  it("gives files under their names, and refuses in words", async () => {
    signIn("good");
    const headers = { "Content-Disposition": 'attachment; filename="run-1-trials.csv"' };
    guarded("good", () => new Response("a,b", { headers }));
    const file = await askFile("/file");
    expect([file.name, await file.content.text()]).toEqual(["run-1-trials.csv", "a,b"]);
    guarded("good", () => Response.json({ detail: "Gone." }, { status: 404 }));
    await expect(askFile("/file")).rejects.toThrow(new Problem(404, { detail: "Gone." }).message);
  });

  it("knows nobody any more after signing out", async () => {
    signIn("good");
    signOut();
    const sent = guarded("good");
    void ask("/a").catch(() => undefined);
    await vi.waitFor(() => expect(useSession.getState().isAsked).toBe(true));
    expect(sent).toEqual([null]);
    expect(sessionStorage.getItem("hpt-token")).toBeNull();
  });
});

class FakeSource {
  static made: FakeSource[] = [];
  onopen: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  readonly heard: string[] = [];
  isClosed = false;

  constructor(readonly url: string) {
    FakeSource.made.push(this);
  }

  addEventListener(type: string): void {
    this.heard.push(type);
  }

  close(): void {
    this.isClosed = true;
  }
}

describe("the stream of a job", () => {
  beforeEach(() => {
    FakeSource.made = [];
    vi.stubGlobal("EventSource", FakeSource);
  });

  it("is the browser's own where nobody is signed in", () => {
    openStream("j", 3);
    expect(FakeSource.made.map((source) => new URL(source.url).search)).toEqual(["?after=3"]);
  });

  it("is opened with a ticket, and ends where a ticket would be used twice", async () => {
    signIn("good");
    guarded("good", () => Response.json({ ticket: "t/1" }, { status: 201 }));
    const stream = openStream("j", 3);
    const said: string[] = [];
    stream.onopen = () => said.push("open");
    stream.onerror = () => said.push("error");
    stream.addEventListener("log", () => undefined);
    await vi.waitFor(() => expect(FakeSource.made).toHaveLength(1));
    const [source] = FakeSource.made as [FakeSource];
    expect(new URL(source.url).search).toBe("?after=3&ticket=t%2F1");
    expect(source.heard).toEqual(["log"]);
    source.onopen?.(new Event("open"));
    expect(stream.readyState).toBe(1);
    source.onerror?.(new Event("error"));
    expect(said).toEqual(["open", "error"]);
    expect([stream.readyState, source.isClosed]).toEqual([2, true]);
  });

  it("that was closed before its ticket came is never opened", async () => {
    signIn("good");
    let hasAsked = false;
    guarded("good", () => {
      hasAsked = true;
      return Response.json({ ticket: "t" }, { status: 201 });
    });
    const stream = openStream("j", 0);
    stream.close();
    await vi.waitFor(() => expect(hasAsked).toBe(true));
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(FakeSource.made).toEqual([]);
  });

  it("that gets no ticket says so", async () => {
    signIn("good");
    guarded("good", () => Response.json({ detail: "No such job." }, { status: 404 }));
    const stream = openStream("j", 0);
    const failed = new Promise((resolve) => (stream.onerror = resolve));
    await failed;
    expect(stream.readyState).toBe(2);
  });
});
