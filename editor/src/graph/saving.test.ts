import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Graph } from "@/api/documents";
import { EMPTY, isDirty, useCanvas } from "@/graph/canvas_store";
import { useNotices } from "@/graph/notices";
import { openOnCanvas, resolveConflict, savePipeline, takeOver } from "@/graph/saving";
import { KINDS } from "@/test_kinds";
import penguins from "@published/examples/penguins.json";

const ID = "p1";

/** A server that keeps one pipeline as the contract says: revisions, ETags, 412. */
class Server {
  revision = 1;
  name = "Penguins";
  graph = structuredClone(penguins) as unknown as Graph;
  puts = 0;
  /** What happens on the server between a question and its answer. */
  meanwhile: (() => void) | null = null;

  edit(change: (graph: Graph) => void): void {
    change(this.graph);
    this.revision += 1;
  }

  answer = (_input: unknown, init: RequestInit = {}): Promise<Response> => {
    const method = init.method ?? "GET";
    this.meanwhile?.();
    this.meanwhile = null;
    if (method === "GET") return Promise.resolve(this.document(200));
    const sent = JSON.parse(String(init.body)) as { name: string; graph: Graph };
    const tag = new Headers(init.headers).get("If-Match");
    if (method === "PUT" && tag !== `"${this.revision}"`)
      return Promise.resolve(problem(412, "precondition_failed"));
    this.puts += 1;
    this.name = sent.name;
    this.graph = sent.graph;
    if (method === "PUT") this.revision += 1;
    return Promise.resolve(this.document(method === "PUT" ? 200 : 201));
  };

  private document(status: number): Response {
    const graph = { ...this.graph, revision: this.revision };
    const body = {
      id: ID,
      name: this.name,
      revision: this.revision,
      graph,
      findings: [],
      migrated: [],
      stale: {},
    };
    return new Response(JSON.stringify(body), { status, headers: { ETag: `"${this.revision}"` } });
  }
}

function problem(status: number, code: string): Response {
  return new Response(JSON.stringify({ status, code, detail: `Refused: ${code}.` }), { status });
}

let server: Server;
const state = () => useCanvas.getState();
const node = (id: string) => state().nodes.find((each) => each.id === id);
const stored = (id: string) => server.graph.nodes.find((each) => each.id === id);
const param = (C: number) => ({ model: "logistic_regression", params: { C }, number_types: {} });

beforeEach(async () => {
  server = new Server();
  vi.stubGlobal("fetch", vi.fn(server.answer));
  useCanvas.setState({ ...EMPTY, kinds: KINDS });
  await openOnCanvas(ID);
});

describe("savePipeline", () => {
  it("stores a new pipeline under an id of the server", async () => {
    useCanvas.setState({ ...EMPTY, kinds: KINDS });
    state().addNode(KINDS[0], { x: 0, y: 0 });
    expect(await savePipeline()).toBe("saved");
    expect(state()).toMatchObject({ pipelineId: ID, name: "Untitled pipeline" });
    expect(isDirty(state())).toBe(false);
  });

  it("saves over what was opened, and again over that", async () => {
    state().setConfig("classifier", param(0.1));
    expect(await savePipeline()).toBe("saved");
    state().setConfig("classifier", param(0.2));
    expect(await savePipeline()).toBe("saved");
    expect([stored("classifier")?.data.config, server.revision]).toEqual([param(0.2), 3]);
  });

  it("lets a second save wait for the first", async () => {
    state().setConfig("classifier", param(0.1));
    const first = savePipeline();
    state().setConfig("classifier", param(0.2));
    expect(await Promise.all([first, savePipeline()])).toEqual(["saved", "saved"]);
    expect(stored("classifier")?.data.config).toEqual(param(0.2));
  });

  it("keeps what was edited while the answer came", async () => {
    state().setConfig("classifier", param(0.1));
    server.meanwhile = () => state().setConfig("scale", { method: "robust", columns: [] });
    await savePipeline();
    expect(node("scale")?.data.config).toMatchObject({ method: "robust" });
    expect(isDirty(state())).toBe(true);
  });

  it("merges what somebody else saved where nothing contradicts, and says so", async () => {
    state().setConfig("classifier", param(0.1));
    server.edit((graph) => (graph.nodes[4].data.label = "Scale all"));
    expect(await savePipeline()).toBe("saved");
    expect(stored("scale")?.data.label).toBe("Scale all");
    expect(stored("classifier")?.data.config).toEqual(param(0.1));
    expect(useNotices.getState().current?.text).toMatch(/Somebody else/);
  });

  it("asks where both changed a value, and takes each as it was decided", async () => {
    state().setConfig("classifier", param(0.1));
    state().setLabel("scale", "Mine");
    server.edit((graph) => {
      graph.nodes[6].data.config = param(0.9);
      graph.nodes[4].data.label = "Theirs";
    });
    expect(await savePipeline()).toBe("conflict");
    const conflicts = state().conflict?.conflicts ?? [];
    expect(conflicts.map((each) => [each.path.at(-1), each.mine, each.theirs])).toEqual([
      ["label", "Mine", "Theirs"],
      ["C", 0.1, 0.9],
    ]);
    expect(server.puts).toBe(0);
    expect(await resolveConflict({ [conflicts[1].key]: "theirs" })).toBe("saved");
    expect([stored("scale")?.data.label, stored("classifier")?.data.config]).toEqual(["Mine", param(0.9)]);
    expect(isDirty(state())).toBe(false);
  });

  it("says in a sentence what the server does not take, and keeps the canvas", async () => {
    state().setConfig("classifier", param(0.1));
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("connection refused")));
    expect(await savePipeline()).toBe("failed");
    expect(useNotices.getState().current?.text).toMatch(/does not answer/);
    expect([node("classifier")?.data.config, isDirty(state())]).toEqual([param(0.1), true]);
  });
});

describe("takeOver", () => {
  it("brings what a run wrote beside unsaved changes, which undo does not take back", async () => {
    state().setConfig("scale", { method: "robust", columns: [] });
    server.edit((graph) => {
      graph.nodes[5].data.result = { best_score: 0.1 };
      graph.nodes[6].data.config = param(7);
    });
    await takeOver();
    expect(node("tune")?.data.result).toEqual({ best_score: 0.1 });
    expect(isDirty(state())).toBe(true);
    state().undo();
    expect(node("scale")?.data.config).toMatchObject({ method: "standard" });
    expect([node("tune")?.data.result, node("classifier")?.data.config]).toEqual([
      { best_score: 0.1 },
      param(7),
    ]);
    expect(isDirty(state())).toBe(false);
    expect(await savePipeline()).toBe("saved");
  });

  it("asks where a run wrote what was edited here, without saving", async () => {
    state().setConfig("classifier", param(0.1));
    server.edit((graph) => (graph.nodes[6].data.config = param(7)));
    await takeOver();
    expect(state().conflict).toMatchObject({ save: false, conflicts: [{ mine: 0.1, theirs: 7 }] });
    const key = state().conflict?.conflicts[0].key ?? "";
    await resolveConflict({ [key]: "theirs" });
    expect([node("classifier")?.data.config, server.puts, isDirty(state())]).toEqual([param(7), 0, false]);
  });
});
