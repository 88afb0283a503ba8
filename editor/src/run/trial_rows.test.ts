import { describe, expect, it } from "vitest";
import type { TrialRow } from "@/api/trial_queries";
import { NOTHING_YET, withEvents } from "@/run/run_state";
import { arranged, isComparable, parameterNames, shownTrials } from "@/run/trial_rows";

function row(number: number, values: Partial<TrialRow> = {}): TrialRow {
  return {
    number,
    origin: number === 0 ? "baseline" : "search",
    state: "complete",
    params: { C: number },
    number_types: {},
    resource: 1,
    rung: null,
    n_folds: 5,
    score: number / 10,
    std: 0,
    scores: {},
    error: null,
    started_at: null,
    finished_at: null,
    how: ["fitted"],
    folds: null,
    ...values,
  };
}

const ROWS = [
  row(0),
  row(1, { score: 0.9 }),
  row(2, { state: "failed", score: null, error: "ValueError: no kernel" }),
  row(3),
];
const shown = (stored: TrialRow[]) => shownTrials(stored, NOTHING_YET, false);
const numbers = (trials: { number: number }[]) => trials.map((trial) => trial.number);

describe("arranged", () => {
  it("puts candidates without a score last in both orders", () => {
    const every = { text: "", state: "" };
    const trials = shown(ROWS);
    expect(numbers(arranged(trials, every, { column: "score", isDescending: false }))).toEqual([0, 3, 1, 2]);
    expect(numbers(arranged(trials, every, { column: "score", isDescending: true }))).toEqual([1, 3, 0, 2]);
  });

  it("sorts numbers of a parameter as numbers", () => {
    const trials = shown([
      row(1, { params: { C: 10 } }),
      row(2, { params: { C: 9 } }),
      row(3, { params: {} }),
    ]);
    const sorting = { column: "param:C", isDescending: false };
    expect(numbers(arranged(trials, { text: "", state: "" }, sorting))).toEqual([2, 1, 3]);
  });

  it.each([
    ["kernel", "", [2]],
    ["c=3", "", [3]],
    ["#1", "", [1]],
    ["", "failed", [2]],
    ["c=1 complete", "", [1]],
  ])("finds %s in state '%s'", (text, state, expected) => {
    const found = arranged(shown(ROWS), { text, state }, { column: "number", isDescending: false });
    expect(numbers(found)).toEqual(expected);
  });

  it("arranges 5,000 candidates within a frame or two", () => {
    const many = shown(Array.from({ length: 5_000 }, (_, index) => row(index, { score: Math.sin(index) })));
    const begin = performance.now();
    arranged(many, { text: "c=4", state: "complete" }, { column: "score", isDescending: true });
    expect(performance.now() - begin).toBeLessThan(500);
  });
});

describe("shownTrials", () => {
  const live = withEvents(NOTHING_YET, [
    { job_id: "j", seq: 1, type: "trial.started", at: "", data: { trial: 3, params: { C: 3 } } },
    { job_id: "j", seq: 2, type: "trial.started", at: "", data: { trial: 4, params: { C: 4 } } },
    {
      job_id: "j",
      seq: 3,
      type: "trial.finished",
      at: "",
      data: { trial: 4, state: "complete", score: 0.4, resource: 1 },
    },
  ]);

  it("adds what events tell, and never takes an ended candidate back into work", () => {
    const trials = shownTrials(ROWS, live, true);
    expect(numbers(trials)).toEqual([0, 1, 2, 3, 4]);
    expect(trials.map((trial) => trial.state)).toEqual([
      "complete",
      "complete",
      "failed",
      "complete",
      "complete",
    ]);
    expect(trials[3]?.how).toEqual(["fitted"]);
  });

  it("takes the store alone once the run has ended", () => {
    expect(numbers(shownTrials(ROWS, live, false))).toEqual([0, 1, 2, 3]);
  });
});

describe("what may be compared", () => {
  it("is complete and of all rows", () => {
    const trials = shown([row(1), row(2, { resource: 0.3 }), row(3, { state: "pruned", score: null })]);
    expect(trials.map(isComparable)).toEqual([true, false, false]);
  });
});

describe("parameterNames", () => {
  it("are those that were searched, not all that a model has", () => {
    expect(parameterNames(shown([row(0, { params: { C: 1, tol: 2 } }), row(1)]))).toEqual(["C"]);
  });
});
