import { describe, expect, it } from "vitest";
import type { Report, TuningConfig } from "@/api/documents";
import { widened } from "@/apply/widen_range";

type Rows = NonNullable<TuningConfig["search_space"]>;

const HINT: Report["hints"][number] = {
  code: "best_at_bound",
  parameter: "C",
  side: "high",
  value: 10,
  bound: 10,
  suggested: 100,
  pointer: "/search_space/1/high",
  sentence: "",
};
const SEARCHED: Rows = [
  { kind: "int", name: "depth", low: 1, high: 9 },
  { kind: "float", name: "C", low: 1, high: 10, log: true },
];

describe("widened", () => {
  it("finds the row by its name: the order may have changed since", () => {
    const config = { search_space: [...SEARCHED].reverse(), budget: { max_trials: 5 } };
    expect(widened(config, HINT, SEARCHED)).toEqual({
      budget: { max_trials: 5 },
      search_space: [{ kind: "float", name: "C", low: 1, high: 100, log: true }, SEARCHED[0]],
    });
  });

  it("takes the rows that the run searched where the node leaves them to the suggestion", () => {
    expect((widened({}, HINT, SEARCHED).search_space as Rows).map((row) => row.name)).toEqual(["depth", "C"]);
  });

  it("adds the row where it was taken out", () => {
    const space = widened({ search_space: [SEARCHED[0]] }, HINT, SEARCHED).search_space as Rows;
    expect(space[1]).toMatchObject({ name: "C", high: 100 });
  });
});
