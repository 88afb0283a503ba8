import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exactText, readNumber } from "@/panel/facts/numbers";

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

describe("exactText", () => {
  it("writes small numbers as people do", () => {
    expect(exactText(1e-4)).toBe("1e-4");
    expect(exactText(2.5e-5)).toBe("2.5e-5");
    expect(exactText(0.001)).toBe("0.001");
    expect(exactText(1e21)).toBe("1e21");
    expect(exactText(-0)).toBe("0");
  });

  it("loses nothing on the way there and back", () => {
    const numbers = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(fc.property(numbers, (value) => readNumber(exactText(value)) === (value === 0 ? 0 : value)));
  });
});
