import type { JobEvent } from "@/api/documents";
import type { TrialRow } from "@/api/trial_queries";

/** One candidate as the events tell of it. */
export interface LiveTrial extends Omit<TrialRow, "how" | "folds"> {
  /** Scores of rounds before the latest one: of fewer rows, so never compared with complete ones. */
  earlier: { rung: number | null; resource: number; score: number }[];
}

/** One line for the log. */
export interface LogLine {
  seq: number;
  at: string;
  type: string;
  level: "info" | "warning" | "error";
  data: Record<string, unknown>;
}

/** A round of a halving as it was planned. */
export interface PlannedRung {
  rung: number;
  rows: number;
  resource: number;
  candidates: number;
}

/** What the events of one job tell up to number `seq`. */
export interface RunState {
  /** Number of the last event that counts; all before it count, too. */
  seq: number;
  /** Events that came early: those between are missing and have to be asked for. */
  early: ReadonlyMap<number, JobEvent>;
  status: string;
  units: number;
  fits: number | null;
  planned: number | null;
  counts: { complete: number; failed: number; pruned: number };
  best: { trial: number; score: number; params: Record<string, unknown> } | null;
  trials: ReadonlyMap<number, LiveTrial>;
  rungs: readonly PlannedRung[];
  log: readonly LogLine[];
  startedAt: string | null;
  /** When the last progress was made, by the server's clock. */
  progressAt: string | null;
}

/** Before any event. */
export const NOTHING_YET: RunState = {
  seq: 0,
  early: new Map(),
  status: "queued",
  units: 0,
  fits: null,
  planned: null,
  counts: { complete: 0, failed: 0, pruned: 0 },
  best: null,
  trials: new Map(),
  rungs: [],
  log: [],
  startedAt: null,
  progressAt: null,
};

interface Draft extends RunState {
  trials: Map<number, LiveTrial>;
  log: LogLine[];
}

/** Take in events in whatever order and portions they come; known ones are passed over, early ones wait. */
export function withEvents(state: RunState, events: readonly JobEvent[]): RunState {
  const early = new Map(state.early);
  for (const event of events) {
    if (event.seq > state.seq) {
      early.set(event.seq, event);
    }
  }
  if (!early.has(state.seq + 1)) {
    return early.size === state.early.size ? state : { ...state, early };
  }
  const draft: Draft = { ...state, early, trials: new Map(state.trials), log: [...state.log] };
  let next = early.get(draft.seq + 1);
  while (next !== undefined) {
    early.delete(next.seq);
    take(draft, next);
    next = early.get(draft.seq + 1);
  }
  return draft;
}

/** Whether events between are missing; they follow number `seq` and have to be asked for. */
export function hasGap(state: RunState): boolean {
  return state.early.size > 0;
}

type Data = Record<string, unknown>;

const HANDLERS: Record<string, (draft: Draft, data: Data, event: JobEvent) => void> = {
  "job.progress": progressed,
  "search.started": searchStarted,
  "trial.started": trialStarted,
  "trial.finished": trialFinished,
  "best.updated": bestUpdated,
};

const LEVELS: Record<string, LogLine["level"]> = { "budget.warning": "warning", "job.failed": "error" };
const UNTOLD: ReadonlySet<string> = new Set([
  "job.progress",
  "trial.started",
  "trial.finished",
  "best.updated",
]);

function take(draft: Draft, event: JobEvent): void {
  draft.seq = event.seq;
  HANDLERS[event.type]?.(draft, event.data, event);
  if (event.type.startsWith("job.")) {
    moved(draft, event);
  }
  if (!UNTOLD.has(event.type)) {
    const level = (event.data.level as LogLine["level"] | undefined) ?? LEVELS[event.type] ?? "info";
    draft.log.push({ seq: event.seq, at: event.at, type: event.type, level, data: event.data });
  }
}

function moved(draft: Draft, event: JobEvent): void {
  if (typeof event.data.state === "string") {
    draft.status = event.data.state;
  }
  if (event.type === "job.running") {
    draft.startedAt ??= event.at;
  }
  if (event.type === "job.requeued") {
    // The worker is gone: what it had in work begins again.
    for (const [number, trial] of draft.trials) {
      if (trial.state === "running") {
        draft.trials.set(number, { ...trial, state: "abandoned" });
      }
    }
  }
}

function progressed(draft: Draft, data: Data, event: JobEvent): void {
  draft.units = Number(data.n_units);
  draft.fits = (data.fits as number | null | undefined) ?? draft.fits;
  draft.counts = {
    complete: Number(data.n_complete),
    failed: Number(data.n_failed),
    pruned: Number(data.n_pruned),
  };
  draft.progressAt = event.at;
}

interface Round {
  index: number;
  n_resources: number;
  n_candidates: number;
  resource: number;
}

function searchStarted(draft: Draft, data: Data): void {
  draft.fits = (data.fits as number | null | undefined) ?? null;
  draft.planned = (data.trials as number | null | undefined) ?? null;
  draft.rungs = ((data.rungs as Round[] | undefined) ?? []).map((round) => ({
    rung: round.index,
    rows: round.n_resources,
    resource: round.resource,
    candidates: round.n_candidates,
  }));
}

function trialStarted(draft: Draft, data: Data, event: JobEvent): void {
  const number = Number(data.trial);
  const before = draft.trials.get(number);
  draft.trials.set(number, {
    number,
    origin: String(data.origin ?? "search"),
    state: "running",
    params: (data.params as Data | undefined) ?? {},
    number_types: (data.number_types as Record<string, string> | undefined) ?? {},
    resource: null,
    rung: (data.rung as number | null | undefined) ?? null,
    n_folds: 0,
    score: null,
    std: null,
    scores: {},
    error: null,
    started_at: before?.started_at ?? event.at,
    finished_at: null,
    earlier: withLatest(before),
  });
}

function withLatest(trial: LiveTrial | undefined): LiveTrial["earlier"] {
  if (trial === undefined) {
    return [];
  }
  if (trial.score === null || trial.resource === null) {
    return trial.earlier;
  }
  return [...trial.earlier, { rung: trial.rung, resource: trial.resource, score: trial.score }];
}

function trialFinished(draft: Draft, data: Data, event: JobEvent): void {
  const number = Number(data.trial);
  const before = draft.trials.get(number);
  if (before === undefined) {
    trialStarted(draft, data, event);
  }
  const begun = draft.trials.get(number) as LiveTrial;
  draft.trials.set(number, {
    ...begun,
    earlier: before !== undefined && before.state !== "running" ? withLatest(before) : begun.earlier,
    state: String(data.state),
    params: (data.params as Data | undefined) ?? begun.params,
    number_types: (data.number_types as Record<string, string> | undefined) ?? begun.number_types,
    resource: (data.resource as number | null | undefined) ?? null,
    rung: (data.rung as number | null | undefined) ?? null,
    n_folds: Number(data.n_folds ?? 0),
    score: (data.score as number | null | undefined) ?? null,
    std: (data.std as number | null | undefined) ?? null,
    scores: (data.scores as Record<string, number | null> | undefined) ?? {},
    error: (data.error as string | null | undefined) ?? null,
    finished_at: event.at,
  });
}

function bestUpdated(draft: Draft, data: Data): void {
  draft.best = {
    trial: Number(data.trial),
    score: Number(data.score),
    params: (data.params as Data | undefined) ?? {},
  };
}
