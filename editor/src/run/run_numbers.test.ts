import { describe, expect, it } from "vitest";
import type { Job } from "@/api/documents";
import succeeded from "@/run/fixtures/job.json";
import { runNumbers } from "@/run/run_numbers";
import { NOTHING_YET, type RunState } from "@/run/run_state";

const ENDED = succeeded as unknown as Job;
const RUNNING: Job = {
  ...ENDED,
  status: "running",
  finished_at: null,
  last_seq: 3,
  config: { budget: { max_seconds: 100 } },
};
const LIVE: RunState = {
  ...NOTHING_YET,
  seq: 9,
  status: "running",
  units: 30,
  fits: 150,
  planned: 32,
  counts: { complete: 5, failed: 1, pruned: 0 },
  best: { trial: 4, score: 0.25, params: {} },
  startedAt: "2026-01-01T00:00:00Z",
  progressAt: "2026-01-01T00:00:10Z",
};
const NOW = Date.parse("2026-01-01T00:00:12Z");

describe("runNumbers", () => {
  it("takes the document of a job that has ended", () => {
    const numbers = runNumbers(ENDED, NOTHING_YET, NOW);
    expect(numbers.best?.score).toBe(ENDED.best?.score);
    expect([numbers.done, numbers.fraction]).toEqual([ENDED.progress.done, 1]);
  });

  it("takes the events while they are newer, and estimates from the pace by the server's clock", () => {
    const numbers = runNumbers(RUNNING, LIVE, NOW);
    expect([numbers.done, numbers.planned, numbers.fraction]).toEqual([6, 32, 0.2]);
    expect(numbers.etaSeconds).toBeCloseTo(40);
    expect(numbers.best).toMatchObject({ trial: 4, score: 0.25 });
  });

  it("lets the time limit end the search where it comes first", () => {
    const short: Job = { ...RUNNING, config: { budget: { max_seconds: 20 } } };
    const numbers = runNumbers(short, LIVE, NOW);
    expect([numbers.fraction, numbers.etaSeconds]).toEqual([0.5, 10]);
  });

  it("takes the document while its events are still on the way", () => {
    expect(runNumbers({ ...RUNNING, last_seq: 50 }, LIVE, NOW).done).toBe(ENDED.progress.done);
  });
});
