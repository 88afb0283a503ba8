import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JobEvent } from "@/api/documents";
import recorded from "@/run/fixtures/events.json";
import { hasGap, NOTHING_YET, withEvents, type RunState } from "@/run/run_state";

const EVENTS = (recorded as { items: unknown[] }).items as JobEvent[];
const WHOLE = withEvents(NOTHING_YET, EVENTS);

/** What a reader shows; events that wait for others are no part of it. */
function shown(state: RunState): unknown {
  return { ...state, early: undefined, trials: [...state.trials] };
}

function event(seq: number, type: string, data: Record<string, unknown>): JobEvent {
  return { job_id: "j", seq, type, at: `2026-01-01T00:00:${String(seq).padStart(2, "0")}Z`, data };
}

describe("a recorded run", () => {
  it("ends as its job did", () => {
    expect(WHOLE.status).toBe("succeeded");
    expect(WHOLE.counts.complete).toBe(WHOLE.trials.size);
    expect(WHOLE.best).not.toBeNull();
    expect(hasGap(WHOLE)).toBe(false);
  });
});

describe("events in any manner", () => {
  const portions = fc.array(fc.array(fc.nat(EVENTS.length - 1), { maxLength: 20 }), { maxLength: 30 });

  it("give the same state, however they are mixed, repeated and cut into portions", () => {
    fc.assert(
      fc.property(portions, (mixed) => {
        let state = NOTHING_YET;
        for (const numbers of mixed) {
          state = withEvents(
            state,
            numbers.map((index) => EVENTS[index] as JobEvent),
          );
        }
        state = withEvents(state, EVENTS);
        expect(shown(state)).toEqual(shown(WHOLE));
        expect(hasGap(state)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it("count only up to the first that is missing, and say that some are", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(EVENTS.length - 1)), (numbers) => {
        const state = withEvents(
          NOTHING_YET,
          numbers.map((index) => EVENTS[index] as JobEvent),
        );
        const there = new Set(numbers);
        let first = 0;
        while (there.has(first)) {
          first += 1;
        }
        expect(state.seq).toBe(first);
        expect(hasGap(state)).toBe(numbers.some((index) => index > first));
        expect(shown(state)).toEqual(shown(withEvents(NOTHING_YET, EVENTS.slice(0, first))));
      }),
      { numRuns: 60 },
    );
  });

  it("leave the state before untouched", () => {
    const half = withEvents(NOTHING_YET, EVENTS.slice(0, 10));
    const copy = JSON.stringify(shown(half));
    withEvents(half, EVENTS);
    expect(JSON.stringify(shown(half))).toBe(copy);
  });
});

describe("rounds", () => {
  it("keep the scores of fewer rows apart from the latest", () => {
    const state = withEvents(NOTHING_YET, [
      event(1, "trial.started", { trial: 2, rung: 0, params: { max_depth: 3 } }),
      event(2, "trial.finished", {
        trial: 2,
        state: "complete",
        rung: 0,
        resource: 0.3,
        score: 0.5,
        n_folds: 5,
      }),
      event(3, "trial.started", { trial: 2, rung: 1, params: { max_depth: 3 } }),
      event(4, "trial.finished", {
        trial: 2,
        state: "complete",
        rung: 1,
        resource: 1,
        score: 0.7,
        n_folds: 5,
      }),
    ]);
    const trial = state.trials.get(2);
    expect(trial?.score).toBe(0.7);
    expect(trial?.earlier).toEqual([{ rung: 0, resource: 0.3, score: 0.5 }]);
  });
});

describe("a lost worker", () => {
  it("leaves no candidate in work", () => {
    const state = withEvents(NOTHING_YET, [
      event(1, "job.running", { state: "running" }),
      event(2, "trial.started", { trial: 0, params: {} }),
      event(3, "job.requeued", { state: "queued" }),
    ]);
    expect(state.status).toBe("queued");
    expect(state.trials.get(0)?.state).toBe("abandoned");
  });
});
