import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choiceText, choiceTypes, readChoice, sameChoice, splitValues } from "@/panel/space/choice_text";

const ALL = new Set(["string", "number", "boolean", "null"]);

describe("readChoice", () => {
  it.each([
    ["sqrt", "sqrt"],
    ["'5'", "5"],
    ['"True"', "True"],
    ["5", 5],
    ["1e-4", 1e-4],
    ["True", true],
    ["false", false],
    ["None", null],
    ["null", null],
  ])("reads %s", (text, value) => expect(readChoice(text, ALL)).toBe(value));

  it("takes only the types that the parameter takes", () => {
    expect(readChoice("scale", new Set(["number"]))).toBeUndefined();
    expect(readChoice("True", new Set(["number"]))).toBeUndefined();
    expect(readChoice("None", new Set(["string"]))).toBe("None");
    expect(readChoice("'5'", new Set(["number"]))).toBeUndefined();
    expect(readChoice("", ALL)).toBeUndefined();
  });

  it("reads what is shown", () => {
    const text = fc.string({ minLength: 1 }).filter((item) => !/['"]/.test(item));
    const value = fc.oneof(
      text,
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    );
    fc.assert(fc.property(value, (item) => sameChoice(readChoice(choiceText(item), ALL) ?? null, item)));
  });
});

it("shows no two values alike", () => {
  const shown = ["1", 1, true, "True", null, "None", "null"].map(choiceText);
  expect(new Set(shown).size).toBe(shown.length);
});

it("knows the types of a parameter's values", () => {
  expect(choiceTypes({ oneOf: [{ type: ["string"] }, { type: "integer" }, { type: ["null"] }] })).toEqual(
    new Set(["string", "number", "null"]),
  );
  expect(choiceTypes({ type: ["boolean", "null"] })).toEqual(new Set(["boolean", "null"]));
  expect(choiceTypes(undefined).size).toBe(0);
});

it("takes a pasted column or list apart", () => {
  expect(splitValues("0.1\n1\n10\n")).toEqual(["0.1", "1", "10"]);
  expect(splitValues("[0.1, 1, 10]")).toEqual(["0.1", "1", "10"]);
  expect(splitValues("a\tb;c")).toEqual(["a", "b", "c"]);
  expect(splitValues("'a, b', \"c\"")).toEqual(["'a, b'", '"c"']);
  expect(splitValues("0.5")).toEqual(["0.5"]);
});
