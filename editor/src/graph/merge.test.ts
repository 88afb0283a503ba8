import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Graph } from "@/api/documents";
import { canonical, sameGraph } from "@/graph/document";
import { mergeGraphs } from "@/graph/merge";

const scalar = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom("a", "b"), fc.constant(null));
const config = fc.dictionary(
  fc.constantFrom("seed", "folds", "budget"),
  fc.oneof(scalar, fc.dictionary(fc.constantFrom("x", "y"), scalar), fc.array(scalar, { maxLength: 2 })),
);
const node = (id: string) =>
  fc.record({
    id: fc.constant(id),
    type: fc.constant("scale"),
    position: fc.record({ x: fc.integer({ min: 0, max: 2 }), y: fc.constant(0) }),
    data: fc.record({ label: fc.constantFrom("One", "Two"), config }),
  });
const graph: fc.Arbitrary<Graph> = fc
  .tuple(...["n1", "n2", "n3"].map((id) => fc.option(node(id), { nil: undefined })))
  .chain((maybe) => {
    const nodes = maybe.filter((each) => each !== undefined);
    const ids = nodes.map((each) => each.id);
    const ends = ids.flatMap((source) =>
      ids.filter((id) => id > source).map((target) => ({ source, target })),
    );
    return fc.subarray(ends).map((edges) => ({
      graph_version: 1 as const,
      nodes,
      edges: edges.map((each) => ({ ...each, id: "" })),
    }));
  });

const at = (value: unknown, path: string[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);

describe("mergeGraphs", () => {
  it("takes the side that changed when only one did", () => {
    fc.assert(
      fc.property(graph, graph, (base, changed) => {
        const mine = mergeGraphs(base, changed, base);
        const theirs = mergeGraphs(base, base, changed);
        expect([mine.conflicts, theirs.conflicts]).toEqual([[], []]);
        expect(sameGraph(mine.graph, changed)).toBe(true);
        expect(sameGraph(theirs.graph, changed)).toBe(true);
      }),
    );
  });

  it("has nothing to ask when both made the same of it", () => {
    fc.assert(
      fc.property(graph, graph, (base, both) => {
        const merged = mergeGraphs(base, both, both);
        expect(merged.conflicts).toEqual([]);
        expect(sameGraph(merged.graph, both)).toBe(true);
      }),
    );
  });

  it("asks both people the same questions", () => {
    fc.assert(
      fc.property(graph, graph, graph, (base, one, other) => {
        const asked = (mine: Graph, theirs: Graph) =>
          mergeGraphs(base, mine, theirs)
            .conflicts.map((conflict) => conflict.key)
            .sort();
        expect(asked(one, other)).toEqual(asked(other, one));
      }),
    );
  });

  it("gives every value in question to the side that was chosen, and never an edge without its ends", () => {
    fc.assert(
      fc.property(
        graph,
        graph,
        graph,
        fc.func(fc.constantFrom("mine" as const, "theirs" as const)),
        (base, one, other, pick) => {
          const { graph: merged, conflicts } = mergeGraphs(base, one, other, (conflict) =>
            pick(conflict.key),
          );
          for (const conflict of conflicts) {
            const found = merged.nodes.find((each) => each.id === conflict.nodeId);
            const chosen = conflict[pick(conflict.key)];
            if (conflict.path.length === 0) expect(found === undefined).toBe(chosen === undefined);
            else expect(canonical(at(found, conflict.path))).toBe(canonical(chosen));
          }
          const ids = new Set(merged.nodes.map((each) => each.id));
          expect((merged.edges ?? []).every((edge) => ids.has(edge.source) && ids.has(edge.target))).toBe(
            true,
          );
        },
      ),
    );
  });

  it("keeps two changes of one configuration where they touch different keys", () => {
    const of = (seed: number, folds: number): Graph => ({
      graph_version: 1,
      nodes: [{ id: "n", type: "t", data: { config: { seed, cross_validation: { folds } } } }],
    });
    const { graph: merged, conflicts } = mergeGraphs(of(1, 5), of(2, 5), of(1, 3));
    expect(conflicts).toEqual([]);
    expect(merged.nodes[0].data.config).toEqual({ seed: 2, cross_validation: { folds: 3 } });
  });

  it("never mixes two shapes of one value", () => {
    const of = (strategy: object): Graph => ({
      graph_version: 1,
      nodes: [{ id: "n", type: "t", data: { config: { strategy } } }],
    });
    const base = of({ name: "random", racing: false });
    const { conflicts } = mergeGraphs(
      base,
      of({ name: "optuna", sampler: "tpe" }),
      of({ name: "random", racing: true }),
    );
    expect(conflicts.map((conflict) => conflict.path)).toEqual([["data", "config", "strategy"]]);
  });

  it("asks about a node that one deleted and the other changed, not about one that was only moved", () => {
    const of = (x: number, label: string): Graph => ({
      graph_version: 1,
      nodes: [{ id: "n", type: "t", position: { x, y: 0 }, data: { label } }],
    });
    const gone: Graph = { graph_version: 1, nodes: [] };
    expect(mergeGraphs(of(0, "A"), gone, of(0, "B")).conflicts).toHaveLength(1);
    expect(mergeGraphs(of(0, "A"), gone, of(9, "A"))).toMatchObject({ conflicts: [], graph: { nodes: [] } });
  });
});
