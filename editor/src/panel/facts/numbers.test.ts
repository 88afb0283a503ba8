import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { durationText, numberText, readNumber, shortNumber } from "@/panel/facts/numbers";

describe("readNumber", () => {
  it.each([
    ["1e-4", 1e-4],
    [" 0.5 ", 0.5],
    [".5", 0.5],
    ["5.", 5],
    ["1_000", 1000],
    ["\u22122", -2],
    ["1E3", 1000],
    ["0", 0],
  ])("reads %j", (text, value) => expect(readNumber(text)).toBe(value));

  it.each(["1e", "1e-", "-", ".", "abc", "1,5", "0x10", "Infinity", "1e999", "1 2", "NaN"])(
    "does not take %j for a number",
    (text) => expect(readNumber(text)).toBeUndefined(),
  );

  it("tells an empty text from one that is no number", () => {
    expect(readNumber("")).toBeNull();
    expect(readNumber("  ")).toBeNull();
  });
});

describe("numberText", () => {
  it("writes small numbers as people do", () => {
    expect(numberText(1e-4)).toBe("1e-4");
    expect(numberText(2.5e-5)).toBe("2.5e-5");
    expect(numberText(0.001)).toBe("0.001");
    expect(numberText(1e21)).toBe("1e21");
    expect(numberText(-0)).toBe("0");
  });

  it("loses nothing on the way there and back", () => {
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(fc.property(numbers, (value) => readNumber(numberText(value)) === (value === 0 ? 0 : value)));
  });
});

describe("shown numbers", () => {
  it("have four significant digits", () => {
    expect(shortNumber(0.123456)).toBe("0.1235");
    expect(shortNumber(0.000123456)).toBe("1.235e-4");
    expect(shortNumber(12)).toBe("12");
  });

  it("are durations in words", () => {
    const shown = [0.04, 0.4, 40.4, 125, 120, 3600, 4200].map(durationText);
    expect(shown).toEqual(["0.04 s", "0.4 s", "40 s", "2 min 5 s", "2 min", "1 h", "1 h 10 min"]);
  });
});
