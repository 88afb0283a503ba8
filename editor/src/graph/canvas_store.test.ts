import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Graph } from "@/api/documents";
import { EMPTY, graphDocument, isDirty, useCanvas } from "@/graph/canvas_store";
import { drawingOf } from "@/graph/document";
import { fragmentOf } from "@/graph/edits";
import { BURST } from "@/graph/history";
import { KINDS } from "@/test_kinds";
import penguins from "@published/examples/penguins.json";

const graph = penguins as unknown as Graph;
const state = () => useCanvas.getState();
const kind = (type: string) => KINDS.find((each) => each.type === type) ?? KINDS[0];
const configOf = (id: string) => state().nodes.find((node) => node.id === id)?.data.config;

function open(document: Graph): void {
  useCanvas.setState({
    ...EMPTY,
    ...drawingOf(document),
    base: document,
    pipelineId: "p",
    etag: '"1"',
    kinds: KINDS,
  });
}

beforeEach(() => open(graph));

describe("the document of a canvas", () => {
  it("is what was opened, with everything that others keep in it", () => {
    const foreign = {
      ...graph,
      owner: { team: 7 },
      nodes: [
        ...graph.nodes,
        { id: "x", type: "alien", position: null, data: { code: "1+1" }, color: "red" },
      ],
      edges: [...(graph.edges ?? []), { id: "e", source: "x", target: "tune", label: "why" }],
    } as unknown as Graph;
    open(foreign);
    const written = graphDocument(state());
    const alien = written.nodes.at(-1);
    expect(written).toMatchObject({ owner: { team: 7 }, graph_version: 1 });
    expect(alien).toEqual({
      id: "x",
      type: "alien",
      position: { x: 0, y: 0 },
      data: { code: "1+1" },
      color: "red",
    });
    expect(written.edges?.at(-1)).toMatchObject({ label: "why" });
    expect(isDirty(state())).toBe(false);
  });

  it("holds nothing of the view, and selecting or measuring is no change", () => {
    state().changeNodes([
      { type: "select", id: "tune", selected: true },
      { type: "dimensions", id: "tune", dimensions: { width: 200, height: 90 } },
    ]);
    expect(JSON.stringify(graphDocument(state()))).not.toMatch(/selected|measured/);
    expect(isDirty(state())).toBe(false);
    expect(state().history.past).toEqual([]);
  });
});

describe("editing", () => {
  it("is one step for a burst of typing, and undone and redone whole", () => {
    vi.useFakeTimers();
    const before = configOf("classifier");
    for (const C of [0.1, 0.01, 0.001]) state().setConfig("classifier", { params: { C } });
    vi.advanceTimersByTime(BURST + 1);
    state().setConfig("classifier", { params: { C: 5 } });
    expect(isDirty(state())).toBe(true);
    state().undo();
    expect(configOf("classifier")).toEqual({ params: { C: 0.001 } });
    state().undo();
    expect(configOf("classifier")).toEqual(before);
    expect(isDirty(state())).toBe(false);
    state().redo();
    expect(configOf("classifier")).toEqual({ params: { C: 0.001 } });
    vi.useRealTimers();
  });

  it("makes a drag one step", () => {
    for (const x of [10, 20, 30]) {
      state().changeNodes([{ type: "position", id: "tune", position: { x, y: 0 }, dragging: true }]);
    }
    state().changeNodes([{ type: "position", id: "tune", position: { x: 30, y: 0 }, dragging: false }]);
    expect(state().history.past).toHaveLength(1);
    state().undo();
    expect(state().nodes.find((node) => node.id === "tune")?.position).toEqual({ x: 1290, y: 80 });
  });

  it("deletes a node with its connections and brings both back", () => {
    state().remove(["tune"]);
    expect(state().edges.some((edge) => edge.source === "tune" || edge.target === "tune")).toBe(false);
    state().undo();
    expect(graphDocument(state()).edges).toHaveLength(graph.edges?.length ?? 0);
  });

  it("never changes what a node of a newer version holds", () => {
    const newer = structuredClone(graph);
    newer.nodes[0].data = { type_version: 99, settings: { a: 1 } };
    open(newer);
    state().setConfig("penguins", { source: "sample" });
    state().setLabel("penguins", "Other");
    expect(graphDocument(state()).nodes[0].data).toEqual({ type_version: 99, settings: { a: 1 } });
  });

  it("adds nodes with defaults, free names and a place that covers no other", () => {
    const first = state().addNode(kind("scale"), { x: 1040, y: 80 });
    const added = state().nodes.find((node) => node.id === first);
    expect(added).toMatchObject({ selected: true, data: { label: "Scale 2", type_version: 1 } });
    expect(added?.data.config).toEqual(kind("scale").default_config);
    expect(added?.position).not.toEqual({ x: 1040, y: 80 });
  });
});

describe("copies", () => {
  it("take configurations and inner connections, never results", () => {
    const withResult = structuredClone(graph);
    withResult.nodes[5].data.result = { best_score: 1 };
    open(withResult);
    state().addFragment(fragmentOf(state(), ["scale", "tune"]), { x: 40, y: 40 });
    const copies = state().nodes.filter((node) => node.selected);
    expect(copies).toHaveLength(2);
    expect(copies.every((node) => !("result" in node.data))).toBe(true);
    const ids = copies.map((node) => node.id);
    const inner = state().edges.filter((edge) => ids.includes(edge.source));
    expect(inner.map((edge) => edge.target)).toEqual([ids[1]]);
  });
});

describe("insertSteps", () => {
  it("puts steps on the way of the data, for the tuned model as well, as one step", () => {
    state().insertSteps("tune", [
      { kind: "impute", config: { numeric: "mean" } },
      { kind: "encode", config: {} },
    ]);
    const into = (id: string, port: string) =>
      state().edges.filter((edge) => edge.target === id && edge.targetHandle === port);
    const [last] = into("tune", "dataset");
    const encode = state().nodes.find((node) => node.id === last.source);
    const [before] = into(last.source, "dataset");
    const impute = state().nodes.find((node) => node.id === before.source);
    expect([encode?.type, impute?.type]).toEqual(["encode", "impute"]);
    expect(impute?.data.config).toMatchObject({ numeric: "mean", categorical: "most_frequent" });
    expect(into(before.source, "dataset")[0].source).toBe("scale");
    expect(into("classifier", "dataset")[0].source).toBe(last.source);
    state().undo();
    expect(isDirty(state())).toBe(false);
  });
});
