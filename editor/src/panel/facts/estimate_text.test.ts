import { describe, expect, it } from "vitest";
import type { Estimate } from "@/api/documents";
import { estimateReasons, estimateText } from "@/panel/facts/estimate_text";

const COUNTED = {
  candidates: 30,
  references: 1,
  trials: 31,
  folds: 5,
  fits: 155,
  refit: 1,
  rungs: [],
  basis: "exact",
  seconds: { low: 20, likely: 40, high: 80 },
  time_basis: "earlier_jobs",
  reasons: ["Only the first table counts."],
} as unknown as Estimate;

describe("estimateText", () => {
  it("says candidates, fits and time", () => {
    expect(estimateText(COUNTED)).toBe("31 candidates, 155 fits, about 40 s");
  });

  it("groups the digits of large numbers", () => {
    expect(estimateText({ ...COUNTED, trials: 3001, fits: 15005, seconds: null })).toBe(
      "3,001 candidates, 15,005 fits",
    );
  });

  it("does not call less than a second about", () => {
    expect(estimateText({ ...COUNTED, seconds: { low: 0.1, likely: 0.4, high: 2 } })).toBe(
      "31 candidates, 155 fits, less than 1 s",
    );
  });

  it("says what is a bound, and what has none", () => {
    expect(estimateText({ ...COUNTED, basis: "upper_bound", seconds: null })).toBe(
      "at most 31 candidates, at most 155 fits",
    );
    const endless: Estimate = {
      ...COUNTED,
      basis: "unbounded",
      trials: null,
      fits: null,
      time_basis: "time_limit",
    };
    expect(estimateText({ ...endless, seconds: { low: 600, likely: 600, high: 600 } })).toBe(
      "goes on until a limit is reached, 10 min, the time limit",
    );
    expect(estimateText({ ...COUNTED, basis: null })).toBe("The work cannot be counted yet");
  });
});

it("gives the reasons", () => {
  const rungs = [{ rung: 0, candidates: 27, rows: 40 }];
  const told = estimateReasons({ ...COUNTED, rungs });
  expect(told[0]).toContain("30 from the search, 1 to compare with");
  expect(told[1]).toBe("Round 1: 27 candidates on 40 rows.");
  expect(told).toContain("Between 20 s and 1 min 20 s, by what fits took before.");
  expect(told.at(-1)).toBe("Only the first table counts.");
});
