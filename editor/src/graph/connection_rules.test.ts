import { describe, expect, it } from "vitest";
import { refusal } from "@/graph/connection_rules";
import type { CanvasNode, Drawing } from "@/graph/document";
import { KINDS } from "@/test_kinds";

const node = (id: string, type: string): CanvasNode => ({
  id,
  type,
  position: { x: 0, y: 0 },
  data: { label: id.toUpperCase(), config: {} },
});
const edge = (from: string, to: string) => {
  const [source, sourceHandle] = from.split(".");
  const [target, targetHandle] = to.split(".");
  return { id: `${from}-${to}`, source, sourceHandle, target, targetHandle };
};
const drawing = (...edges: ReturnType<typeof edge>[]): Drawing => ({
  nodes: [
    node("data", "dataset"),
    node("split", "split"),
    node("scale", "scale"),
    node("tune", "hyperparameter_tuning"),
    node("model", "model"),
    node("own", "kind_of_another_package"),
  ],
  edges,
});
const said = (from: string, to: string, ...edges: ReturnType<typeof edge>[]) =>
  refusal(edge(from, to), drawing(...edges), KINDS);

describe("refusal", () => {
  it("has nothing against what fits", () => {
    expect(said("data.dataset", "split.dataset")).toBeNull();
    expect(said("split.train", "tune.dataset")).toBeNull();
    expect(said("tune.best_params", "model.params")).toBeNull();
    expect(said("tune.trials", "scale.dataset")).toBeNull();
  });

  it("names both ports and what they give and take", () => {
    expect(said("data.dataset", "model.params")).toBe(
      "“Dataset” of DATA gives a table, but “Parameters” of MODEL takes parameters.",
    );
  });

  it("says how many connections an input takes", () => {
    expect(said("scale.dataset", "tune.dataset", edge("data.dataset", "tune.dataset"))).toBe(
      "“Dataset” of TUNE takes one connection: remove the other first.",
    );
  });

  it("lets nothing run in a circle, nor into itself, nor twice", () => {
    const chain = [edge("scale.dataset", "tune.dataset")];
    expect(said("tune.trials", "scale.dataset", ...chain)).toMatch(/circle/);
    expect(said("scale.dataset", "scale.dataset")).toMatch(/itself/);
    expect(said("scale.dataset", "tune.dataset", ...chain)).toMatch(/already/);
  });

  it("keeps test rows from a search, directly and through other nodes, whichever edge comes last", () => {
    expect(said("split.test", "tune.dataset")).toMatch(/last test: TUNE/);
    expect(said("split.test", "scale.dataset", edge("scale.dataset", "tune.dataset"))).toMatch(/last test/);
    expect(said("scale.dataset", "tune.validation", edge("split.test", "scale.dataset"))).toMatch(
      /last test/,
    );
    expect(said("split.test", "model.dataset", edge("split.train", "tune.dataset"))).toBeNull();
    expect(said("split.train", "tune.dataset", edge("split.test", "scale.dataset"))).toBeNull();
  });

  it("leaves nodes of unknown kinds to their package", () => {
    expect(said("own.anything", "tune.dataset")).toBeNull();
    expect(said("data.dataset", "own.in")).toBeNull();
  });
});
