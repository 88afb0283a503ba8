import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Graph } from "@/api/documents";
import { EMPTY, useCanvas } from "@/graph/canvas_store";
import { openOnCanvas } from "@/graph/saving";
import { startRun } from "@/run/start_run";
import { KINDS } from "@/test_kinds";
import penguins from "@published/examples/penguins.json";

const ID = "p1";

let revision: number;
let graph: Graph;
let asked: { base_revision: number; run_id: string }[];

/** A server that keeps one pipeline and refuses runs of another revision, as the contract says. */
function answer(input: unknown, init: RequestInit = {}): Promise<Response> {
  if (init.method === "POST" && String(input).includes("jobs")) {
    const body = JSON.parse(String(init.body)) as (typeof asked)[number];
    asked.push(body);
    if (body.base_revision !== revision)
      return json(409, { code: "stale_revision", detail: "At another one." });
    return json(202, { id: "job", run_id: body.run_id });
  }
  const document = { graph: { ...graph, revision }, findings: [], migrated: [], stale: {} };
  return json(200, { id: ID, name: "Penguins", revision, ...document });
}

function json(status: number, body: object): Promise<Response> {
  const headers = { ETag: `"${revision}"` };
  return Promise.resolve(new Response(JSON.stringify({ status, ...body }), { status, headers }));
}

function write(change: (graph: Graph) => void): void {
  change(graph);
  revision += 1;
}

beforeEach(async () => {
  revision = 1;
  graph = structuredClone(penguins) as unknown as Graph;
  asked = [];
  vi.stubGlobal("fetch", vi.fn(answer));
  useCanvas.setState({ ...EMPTY, kinds: KINDS });
  await openOnCanvas(ID);
});

describe("a run of a pipeline that was written since", () => {
  it("begins where only the result of a run came, which the canvas shows then", async () => {
    write(({ nodes }) => (nodes[5].data.result = { best_score: 0.1 }));
    expect(await startRun("tune")).toMatchObject({ kind: "started", job: { id: "job" } });
    expect(asked.map((each) => each.base_revision)).toEqual([1, 2]);
    expect(useCanvas.getState().nodes[5].data.result).toEqual({ best_score: 0.1 });
  });

  it("begins where something was only moved or named anew", async () => {
    write(({ nodes }) => {
      nodes[0].position = { x: 7, y: 9 };
      nodes[0].data.label = "Birds";
    });
    expect(await startRun("tune")).toMatchObject({ kind: "started" });
  });

  it.each<[string, (graph: Graph) => void]>([
    ["a value", ({ nodes }) => (nodes[5].data.config = { budget: { max_trials: 99 } })],
    ["a kind", ({ nodes }) => (nodes[1].type = "something_else")],
    ["a version", ({ nodes }) => (nodes[5].data.type_version = 99)],
    ["a node", (changed) => (changed.nodes = changed.nodes.slice(1))],
    ["a connection", (changed) => (changed.edges = changed.edges?.slice(1))],
  ])("waits for a look at %s that somebody else changed, and begins then", async (_what, change) => {
    write(change);
    expect(await startRun("tune")).toEqual({ kind: "unsaved", why: "changed" });
    expect(asked.length).toBe(1);
    expect(await startRun("tune")).toMatchObject({ kind: "started" });
    expect(asked[1].base_revision).toBe(2);
  });

  it("is tried twice at most: whoever saves without end is not run after", async () => {
    write(() => undefined);
    vi.stubGlobal("fetch", (input: unknown, init?: RequestInit) => {
      if (init?.method === "POST") write(() => undefined);
      return answer(input, init);
    });
    expect(await startRun("tune")).toMatchObject({ kind: "refused", detail: "At another one." });
    expect(asked.length).toBe(2);
  });
});
