import { describe, expect, it } from "vitest";
import { rowsFromPasted } from "@/panel/space/pasted_space";
import { parameter } from "@/panel/space/parameters_for_tests";

const DEPTH = parameter("max_depth", ["int", "categorical"]);
const C = parameter("C", ["float", "categorical"]);
const LEAF = parameter("min_samples_leaf", ["int", "float", "categorical"], true);
const rows = (text: string) => rowsFromPasted(text, [DEPTH, C, LEAF]);

describe("rowsFromPasted", () => {
  it("makes lists of choices, and of a single value one choice", () => {
    expect(rows("{'C': [0.1, 1, 10], 'gamma': 'scale'}")).toEqual([
      { kind: "categorical", name: "C", enabled: true, choices: [0.1, 1, 10] },
      { kind: "categorical", name: "gamma", enabled: true, choices: ["scale"] },
    ]);
  });

  it("keeps types apart, and takes a value once", () => {
    expect(rows("{'a': [None, True, 1, '1', 1.0, 'None']}")[0].choices).toEqual([null, true, 1, "1", "None"]);
  });

  it("counts names of a pipeline from behind the last step", () => {
    expect(rows("{'model__C': [1]}")[0].name).toBe("C");
  });

  it.each([
    ["range(2, 8, 2)", [2, 4, 6]],
    ["range(3)", [0, 1, 2]],
    ["np.arange(0, 1, 0.25)", [0, 0.25, 0.5, 0.75]],
    ["np.linspace(0, 1, 3)", [0, 0.5, 1]],
    ["np.logspace(-2, 2, 5)", [0.01, 0.1, 1, 10, 100]],
    ["np.geomspace(1, 100, 3)", [1, 10, 100]],
    ["list(range(1, 3))", [1, 2]],
    ["np.array([1, 2])", [1, 2]],
  ])("computes %s", (text, choices) => expect(rows(`{'C': ${text}}`)[0].choices).toEqual(choices));

  it.each([
    ["{'C': loguniform(1e-4, 1e2)}", { kind: "float", low: 1e-4, high: 100, log: true }],
    ["{'C': stats.uniform(1, 4)}", { kind: "float", low: 1, high: 5, log: false }],
    ["{'max_depth': randint(2, 11)}", { kind: "int", low: 2, high: 10, log: false }],
    ["{'max_depth': {'low': 2, 'high': 10, 'step': 2}}", { kind: "int", low: 2, high: 10, step: 2 }],
    ["{'C': {'low': 1, 'high': 10, 'log': True}}", { kind: "float", low: 1, high: 10, log: true }],
  ])("makes a range of %s", (text, row) => expect(rows(text)[0]).toMatchObject(row));

  it("tells counts from shares by how they are written", () => {
    expect(rows("{'min_samples_leaf': [1, 2]}")[0].number_type).toBe("int");
    expect(rows("{'min_samples_leaf': [0.1, 1.0]}")[0].number_type).toBe("float");
    expect(rows("{'min_samples_leaf': [1, 0.5]}")[0].number_type).toBeNull();
    expect(rows("{'min_samples_leaf': randint(1, 5)}")[0]).toMatchObject({ kind: "int", number_type: "int" });
    expect(rows("{'C': [1, 2]}")[0]).not.toHaveProperty("number_type");
  });

  it.each([
    ["", "Line 1: paste a dict"],
    ["[1, 2]", "Line 1: this is no dict"],
    ["{}", "Line 1: the dict is empty."],
    ["{'C': []}", "Line 1: 'C' has no values."],
    ["{'C': [[1]]}", "Line 1: a value of 'C' must be a text, a number, True, False or None."],
    ["{'C': [1],\n'm__C': [2]}", "Line 2: 'C' is named twice."],
    ["{'C': open('x')}", "Line 1: open(…) is not understood: write the values out."],
    ["{'C': range('a')}", "Line 1: range(…) takes numbers only."],
    ["{'C': range(5000)}", "Line 1: range(…) gives more than 1000 values."],
    ["{'C': range(1, 5, 0)}", "Line 1: range(…) gives"],
    ["{'C': np.linspace(0)}", "Line 1: linspace(start, stop, number)"],
    ["{'C': loguniform(1)}", "Line 1: the range of 'C' needs two numbers."],
    ["{'C': {'low': 1}}", "Line 1: the range of 'C' needs the numbers low and high."],
    ["{'C': {'from': 1}}", "Line 1: 'from' says nothing about a range"],
  ])("refuses %s with a sentence and a line", (text, message) => expect(() => rows(text)).toThrow(message));

  it("takes no name of an object for a call", () => {
    expect(() => rows("{'C': toString(1)}")).toThrow("toString(…) is not understood");
    expect(() => rows("{'C': constructor}")).toThrow("is a name, not a value");
  });
});
