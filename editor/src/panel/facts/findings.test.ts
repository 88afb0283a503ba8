import { describe, expect, it } from "vitest";
import descriptor from "@published/descriptor.json";
import type { Finding } from "@/api/documents";
import { errorTree, findingsBelow, placed, shownAt } from "@/panel/facts/findings";
import type { Schema } from "@/panel/facts/schema";

const SCHEMA = descriptor.config_schema as unknown as Schema;
const CONFIG = { ...descriptor.default_config, fixed_params: [{ name: "C", value: 2 }] };

function finding(pointer: string, more: Partial<Finding> = {}): Finding {
  return { pointer, code: "some_code", severity: "error", message: `About ${pointer}.`, ...more };
}

describe("shownAt", () => {
  it.each([
    ["/target", "/target"],
    ["/budget/max_trials", "/budget/max_trials"],
    ["/cross_validation/folds", "/cross_validation/folds"],
    ["/strategy/name", "/strategy"],
    ["/cross_validation/kind", "/cross_validation"],
    ["/strategy/of_another_branch", "/strategy"],
    ["/fixed_params/0/value", "/fixed_params/0/value"],
    ["/nothing/here", ""],
    ["", ""],
    ["/search_space/2/low", "/search_space/2/low"],
  ])("%s is shown at %s", (pointer, place) => expect(shownAt(pointer, SCHEMA, CONFIG)).toBe(place));
});

describe("placed", () => {
  const todo = finding("/target", { severity: "todo" });
  const ofGraph = finding("/nodes/0", { source: "graph", severity: "warning" });
  const found = placed(
    [todo, ofGraph, finding(""), finding("/strategy/name"), finding("/target")],
    SCHEMA,
    CONFIG,
  );

  it("keeps open items apart from errors", () => expect(found.todos).toEqual([todo]));

  it("puts what has no field on top", () => {
    expect(found.general.map((item) => item.pointer)).toEqual(["/nodes/0", ""]);
  });

  it("puts the rest at its field", () =>
    expect([...found.byPointer.keys()]).toEqual(["/strategy", "/target"]));

  it("finds what a folded part holds", () => {
    const folded = placed([finding("/execution/seed"), finding("/execution")], SCHEMA, CONFIG);
    expect(findingsBelow(folded, "/execution")).toHaveLength(2);
    expect(findingsBelow(folded, "/exec")).toHaveLength(0);
  });
});

it("marks fields with errors only: nothing is red for an open item or a note", () => {
  const found = placed(
    [
      finding("/budget/max_trials"),
      finding("/target", { severity: "warning" }),
      finding("/model", { severity: "todo" }),
    ],
    SCHEMA,
    CONFIG,
  );
  expect(errorTree(found)).toEqual({ budget: { max_trials: { __errors: ["About /budget/max_trials."] } } });
});
