import { describe, expect, it } from "vitest";
import { historySeries, pointed, scoreRange } from "@/run/history_series";
import type { ShownTrial } from "@/run/trial_rows";

function trial(number: number, score: number | null, values: Partial<ShownTrial> = {}): ShownTrial {
  return {
    number,
    origin: "search",
    state: score === null ? "failed" : "complete",
    params: {},
    number_types: {},
    resource: 1,
    rung: null,
    n_folds: 5,
    score,
    std: null,
    scores: {},
    error: null,
    started_at: null,
    finished_at: null,
    how: [],
    earlier: [],
    ...values,
  };
}

describe("historySeries", () => {
  it("steps with the best so far, the lower the better for a loss", () => {
    const history = historySeries([trial(0, 3), trial(1, 4), trial(2, null), trial(3, 2)], "minimize");
    expect(history.best).toEqual([3, 3, 3, 2]);
    expect(history.improvements.map((item) => item.trial)).toEqual([0, 3]);
    expect(history.failed).toEqual([2]);
  });

  it("never lets a score of fewer rows be the best, and keeps it apart", () => {
    const few = trial(1, 0.99, { resource: 0.3, rung: 0 });
    const history = historySeries([trial(0, 0.5), few, trial(2, 0.6)], "maximize");
    expect(history.best).toEqual([0.5, 0.5, 0.6]);
    expect(history.scores[1]).toBeNull();
    expect(history.partial).toEqual([{ trial: 1, score: 0.99, rung: 0, resource: 0.3 }]);
  });

  it("shows each round of a candidate once, from events or from the report", () => {
    const later = trial(1, 0.7, { earlier: [{ rung: 0, resource: 0.3, score: 0.6 }] });
    const rungs = [
      {
        rung: 0,
        resource: 0.3,
        rows: 90,
        planned: 1,
        total: 1,
        best: null,
        candidates: [{ trial: 1, score: 0.6 }],
      },
      {
        rung: 1,
        resource: 1,
        rows: 300,
        planned: 1,
        total: 1,
        best: null,
        candidates: [{ trial: 1, score: 0.7 }],
      },
    ];
    expect(historySeries([later], "maximize", rungs).partial).toHaveLength(1);
  });
});

describe("scoreRange", () => {
  const history = historySeries(
    [1, 2, 3, 4, 5, 100].map((score, index) => trial(index, score)),
    "minimize",
  );

  it("shows every score", () => {
    const [low, high] = scoreRange(history, "minimize", false, []);
    expect(low).toBeLessThan(1);
    expect(high).toBeGreaterThan(100);
  });

  it("leaves out the worse half where asked, but never the reference line", () => {
    expect(scoreRange(history, "minimize", true, [])[1]).toBeLessThan(4);
    expect(scoreRange(history, "minimize", true, [50])[1]).toBeGreaterThan(50);
  });

  it("has a height where all scores are equal, or none is there", () => {
    const same = historySeries([trial(0, 2), trial(1, 2)], "maximize");
    expect(scoreRange(same, "maximize", false, [])).toEqual([1.9, 2.1]);
    expect(scoreRange(historySeries([], "maximize"), "maximize", false, [])).toEqual([0, 1]);
  });
});

describe("pointed", () => {
  const history = historySeries(
    [trial(0, 3), trial(2, null), trial(3, null, { state: "running" })],
    "minimize",
  );

  it("says of a candidate its score, or why it has none", () => {
    expect(pointed(history, 0)).toMatchObject({ trial: 0, score: 3 });
    expect(pointed(history, 1)).toEqual({ trial: 2, score: null, state: "failed" });
    expect(pointed(history, 2)).toEqual({ trial: 3, score: null, state: "unscored" });
  });

  it("says nothing where there is no candidate", () => {
    expect([pointed(history, null), pointed(history, 9)]).toEqual([null, null]);
  });
});
