import type { Report } from "@/api/documents";
import { isComparable, type ShownTrial } from "@/run/trial_rows";

/** A score of fewer rows or folds: drawn with a marker of its own, and compared with nothing. */
export interface PartialScore {
  trial: number;
  score: number;
  rung: number | null;
  resource: number;
}

/** A time when the best changed. */
export interface Improvement {
  trial: number;
  origin: string;
  score: number;
}

/** What the history plot draws. */
export interface History {
  /** Numbers of candidates, ascending; `scores` and `best` stand beside them. */
  numbers: number[];
  scores: (number | null)[];
  best: (number | null)[];
  partial: PartialScore[];
  /** Candidates without any score, by why. */
  failed: number[];
  pruned: number[];
  improvements: Improvement[];
}

/** Make the series of the plot: complete scores, the best so far among them, partial scores apart. */
export function historySeries(
  trials: readonly ShownTrial[],
  direction: string,
  rungs: Report["rungs"] = [],
): History {
  const history: History = {
    numbers: [],
    scores: [],
    best: [],
    partial: [],
    failed: [],
    pruned: [],
    improvements: [],
  };
  const partial = new Map<string, PartialScore>();
  const note = (item: PartialScore) => partial.set(`${item.trial}/${item.resource}`, item);
  let best: number | null = null;
  for (const trial of trials) {
    const score = isComparable(trial) ? trial.score : null;
    if (score !== null && (best === null || isBetter(score, best, direction))) {
      best = score;
      history.improvements.push({ trial: trial.number, origin: trial.origin, score });
    }
    history.numbers.push(trial.number);
    history.scores.push(score);
    history.best.push(best);
    partialScores(trial).forEach(note);
    if (trial.state === "failed") history.failed.push(trial.number);
    if (trial.state === "pruned") history.pruned.push(trial.number);
  }
  for (const rung of rungs.filter((item) => item.resource < 1)) {
    for (const { trial, score } of rung.candidates) {
      if (score !== null) note({ trial, score, rung: rung.rung, resource: rung.resource });
    }
  }
  history.partial = [...partial.values()];
  return history;
}

/** Whether *score* is better than *other*, whichever way the metric goes. */
export function isBetter(score: number, other: number, direction: string): boolean {
  return direction === "minimize" ? score < other : score > other;
}

function partialScores(trial: ShownTrial): PartialScore[] {
  const found = trial.earlier
    .filter((item) => item.resource < 1)
    .map((item) => ({ trial: trial.number, score: item.score, rung: item.rung, resource: item.resource }));
  if (trial.score !== null && trial.resource !== null && trial.resource < 1) {
    found.push({ trial: trial.number, score: trial.score, rung: trial.rung, resource: trial.resource });
  }
  return found;
}

/** The range of scores to draw; *zoomed* leaves out the worse half of the candidates. */
export function scoreRange(
  history: History,
  direction: string,
  zoomed: boolean,
  more: readonly number[],
): [number, number] {
  const complete = history.scores.filter((score) => score !== null).sort((one, other) => one - other);
  let shown = [...complete, ...history.partial.map((item) => item.score)];
  if (zoomed && complete.length > 3) {
    const half = Math.ceil(complete.length / 2);
    shown = direction === "minimize" ? complete.slice(0, half) : complete.slice(-half);
  }
  shown.push(...more);
  if (shown.length === 0) return [0, 1];
  const low = shown.reduce((one, other) => Math.min(one, other));
  const high = shown.reduce((one, other) => Math.max(one, other));
  const margin = (high - low) * 0.06 || Math.abs(high) * 0.05 || 0.1;
  return [low - margin, high + margin];
}

/** A candidate that a person points at; without a comparable score, why. */
export interface Pointed {
  trial: number;
  score: number | null;
  state: "failed" | "pruned" | "unscored";
}

/** The candidate at a place of the series; null where there is none. */
export function pointed(history: History, index: number | null): Pointed | null {
  const trial = index === null ? undefined : history.numbers[index];
  if (trial === undefined || index === null) return null;
  const state = history.failed.includes(trial)
    ? "failed"
    : history.pruned.includes(trial)
      ? "pruned"
      : "unscored";
  return { trial, score: history.scores[index] ?? null, state };
}
