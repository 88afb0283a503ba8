import { describe, expect, it } from "vitest";
import { readGraph, writtenGraph } from "@/graph/reading";
import type { Graph } from "@/api/documents";
import penguins from "@published/examples/penguins.json";

const graph = penguins as unknown as Graph;

describe("readGraph", () => {
  it("reads what was exported, and a pipeline document around it", () => {
    expect(readGraph(writtenGraph(graph))).toEqual({ graph, name: null });
    expect(readGraph(JSON.stringify({ name: "Birds", graph }))).toEqual({ graph, name: "Birds" });
  });

  it.each([
    ["", /not JSON/],
    ["{nodes", /not JSON/],
    ["[]", /“nodes” and “edges”/],
    ["{}", /“nodes” and “edges”/],
    ['{"nodes": {}}', /must be a list/],
    ['{"nodes": [{"id": 1, "type": "scale"}]}', /Node 1/],
    ['{"nodes": [{"id": "a", "type": "t"}, {"id": "a", "type": "t"}]}', /“a”/],
    ['{"nodes": [], "edges": 3}', /“edges”/],
    ['{"nodes": [], "edges": [{"source": "a"}]}', /Edge 1/],
    ['{"nodes": [{"id": "a", "type": "t"}], "edges": [{"source": "a", "target": "b"}]}', /“b”/],
  ])("refuses %s in a sentence", (text, sentence) => {
    const read = readGraph(text);
    expect("refusal" in read && read.refusal).toMatch(sentence);
  });

  it("refuses what the server would not take for its size", () => {
    expect(readGraph(JSON.stringify({ nodes: [], more: "x".repeat(8_000_001) }))).toHaveProperty("refusal");
  });
});
