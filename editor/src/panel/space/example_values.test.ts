import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exampleValues } from "@/panel/space/example_values";
import type { SpaceRow } from "@/panel/space/rows";

const values = (row: Partial<SpaceRow>) =>
  exampleValues({ kind: "float", name: "a", ...row }).map((item) => item.value);

describe("exampleValues", () => {
  it("are even along the range", () => expect(values({ low: 0, high: 1 })).toEqual([0, 0.25, 0.5, 0.75, 1]));

  it("are even in the logarithm", () => {
    const shown = values({ low: 1e-2, high: 100, log: true }) as number[];
    shown.forEach((value, index) => expect(value).toBeCloseTo(10 ** (index - 2), 8));
  });

  it("stand on the step and on whole numbers", () => {
    expect(values({ kind: "int", low: 1, high: 10, step: 3 })).toEqual([1, 4, 7, 10]);
    expect(values({ kind: "int", low: 1, high: 3 })).toEqual([1, 2, 3]);
    expect(values({ low: 0.1, high: 0.5, step: 0.1 })).toEqual([0.1, 0.2, 0.3, 0.4, 0.5]);
  });

  it("are those of the grid where it has few", () => {
    expect(values({ low: 0, high: 1, grid_points: 3 })).toEqual([0, 0.5, 1]);
    expect(values({ low: 0, high: 1, grid_points: 1 })).toEqual([0]);
  });

  it("are the first choices", () => {
    const choices = ["a", 1, true, null, "b", "c"];
    expect(values({ kind: "categorical", choices })).toEqual(["a", 1, true, null, "b"]);
  });

  it.each([
    [{ low: 2, high: 1 }],
    [{ low: 1, high: 1 }],
    [{ low: 0, high: 1, log: true }],
    [{ low: null, high: 1 }],
    [{}],
  ])("are none for the range %j", (row) => expect(values(row)).toEqual([]));

  it("lie within the ends, in order, on the scale from 0 to 1", () => {
    const number = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    const rows = fc.record({ low: number, high: number, log: fc.boolean(), whole: fc.boolean() });
    fc.assert(
      fc.property(rows, ({ low, high, log, whole }) => {
        const ends = whole ? [Math.ceil(low), Math.ceil(high)] : [low, high];
        const row: SpaceRow = { kind: whole ? "int" : "float", name: "a", low: ends[0], high: ends[1], log };
        const shown = exampleValues(row);
        for (const [index, { value, at }] of shown.entries()) {
          expect(value).toBeGreaterThanOrEqual(ends[0]);
          expect(value).toBeLessThanOrEqual(ends[1]);
          expect(at).toBeGreaterThanOrEqual(0);
          expect(at).toBeLessThanOrEqual(1);
          if (whole) expect(Number.isInteger(value)).toBe(true);
          if (index > 0) expect(value).toBeGreaterThan(shown[index - 1].value as number);
        }
      }),
    );
  });
});
