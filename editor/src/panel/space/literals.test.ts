import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Literal, readLiteral } from "@/panel/space/literals";

/** The plain value of a literal. */
function valueOf(literal: Literal): unknown {
  if (literal.type === "none") return null;
  if (literal.type === "list") return literal.items.map(valueOf);
  if (literal.type === "dict")
    return Object.fromEntries(literal.entries.map(([key, item]) => [key, valueOf(item)]));
  if (literal.type === "call") return [literal.name, ...literal.args.map(valueOf)];
  return literal.value;
}

const read = (text: string) => valueOf(readLiteral(text));

describe("readLiteral", () => {
  it.each([
    ["{'C': [0.1, 1, 10], \"gamma\": 'scale'}", { C: [0.1, 1, 10], gamma: "scale" }],
    ["{'a': (None, True, False), }", { a: [null, true, false] }],
    ['{"a": null, "b": true}', { a: null, b: true }],
    ["dict(C=[1e-4, .5], max_depth=None)", { C: [1e-4, 0.5], max_depth: null }],
    ["param_grid = {\n  'C': [1],  # the penalty\n}", { C: [1] }],
    ["{'a': np.logspace(-2, 2, 5)}", { a: ["logspace", -2, 2, 5] }],
    ["{'a': [-1, +2, 1_000]}", { a: [-1, 2, 1000] }],
    ["{'it\\'s': ['a\\nb']}", { "it's": ["a\nb"] }],
    ["[]", []],
  ])("reads %s", (text, value) => expect(read(text)).toEqual(value));

  it.each([
    ["{'C': [1, 2}", "Line 1: a comma or ']' is missing before '}'."],
    ["{'C' [1]}", "Line 1: ':' is missing after 'C'."],
    ["{\n'C': [1]\n'D': [2]}", "Line 3: a comma or '}' is missing before ''D''."],
    ["{C: [1]}", "Line 1: a name in quotes is missing before 'C'."],
    ["{'C': sqrt}", "Line 1: sqrt is a name, not a value: put texts in quotes."],
    ["{'C': }", "Line 1: a value is missing before '}'."],
    ["{'C': [1]", "Line 1: a comma or '}' is missing before the end."],
    ["{'C': [1", "Line 1: a comma or ']' is missing before the end."],
    ["{", "Line 1: '{' is not closed: '}' is missing."],
    ["{'C': 1} + 2", "Line 1: '+' cannot stand here."],
    ["{'C': 1} 2", "Line 1: nothing may follow the dict, but '2' does."],
    ["{'C': 1e999}", "Line 1: 1e999 is no number that a search can use."],
    ["{'C': lambda x: x}", "Line 1: lambda is a name, not a value: put texts in quotes."],
    [`${"[".repeat(40)}`, "Line 1: it is nested too deeply."],
  ])("refuses %s with a sentence", (text, message) => expect(() => readLiteral(text)).toThrow(message));

  it("reads all JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(read(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("ends in a refusal for any other text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          readLiteral(text);
        } catch (error) {
          expect((error as Error).message).toMatch(/^Line \d+: /);
        }
      }),
    );
  });

  it("tells 1 from 1.0", () => {
    const list = readLiteral("[1, 1.0, 1e0]");
    expect(list.type === "list" && list.items.map((item) => item.type === "number" && item.whole)).toEqual([
      true,
      false,
      false,
    ]);
  });
});
