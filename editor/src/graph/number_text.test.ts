import { describe, expect, it } from "vitest";
import { durationText, numberText, valueText } from "@/graph/number_text";

describe("numberText", () => {
  it.each([
    [0.123456, "0.1235"],
    [12, "12"],
    [1e-4, "1e-4"],
    [0.00012345, "1.234e-4"],
    [0, "0"],
    [-3.5, "-3.5"],
    [123456.789, "123500"],
    [25_000_000, "2.5e7"],
    [null, "–"],
    [Number.NaN, "–"],
  ])("writes %s as %s", (value, text) => {
    expect(numberText(value)).toBe(text);
  });
});

describe("durationText", () => {
  it.each([
    [0.2, "less than 1 s"],
    [40, "40 s"],
    [59.7, "1 min"],
    [125, "2 min 5 s"],
    [3780, "1 h 3 min"],
    [null, "–"],
  ])("writes %s as %s", (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });
});

describe("valueText", () => {
  it("keeps texts, and words what has no sign of its own", () => {
    expect([null, true, false, "rbf", 0.5].map(valueText)).toEqual(["none", "yes", "no", "rbf", "0.5"]);
  });
});
