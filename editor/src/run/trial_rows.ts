import type { TrialRow } from "@/api/trial_queries";
import { valueText } from "@/graph/number_text";
import type { LiveTrial, RunState } from "@/run/run_state";

/** A candidate as tables and plots show it. */
export interface ShownTrial extends LiveTrial {
  how: string[];
}

const OPEN: ReadonlySet<string> = new Set(["running", "abandoned"]);

/** The stored candidates, with what newer events tell; `how` is known from the store alone. */
export function shownTrials(stored: readonly TrialRow[], live: RunState, isLive: boolean): ShownTrial[] {
  const found = new Map<number, ShownTrial>();
  for (const row of stored) {
    found.set(row.number, { ...row, n_folds: row.n_folds ?? 0, earlier: [] });
  }
  if (isLive) {
    for (const trial of live.trials.values()) {
      const before = found.get(trial.number);
      const isNewer = before === undefined || OPEN.has(before.state) || !OPEN.has(trial.state);
      found.set(
        trial.number,
        isNewer ? { ...trial, how: before?.how ?? [] } : { ...before, earlier: trial.earlier },
      );
    }
  }
  return [...found.values()].sort((one, other) => one.number - other.number);
}

/** Whether a score is of all rows and all folds: only such scores are compared. */
export function isComparable(trial: ShownTrial): boolean {
  return trial.state === "complete" && trial.score !== null && (trial.resource ?? 1) >= 1;
}

/** How the table is sorted: by a column, or by the parameter `param:<name>`. */
export interface Sorting {
  column: string;
  isDescending: boolean;
}

/** What the table is restricted to. */
export interface Filter {
  text: string;
  state: string;
}

/** Names of the parameters that candidates have, in the order of their first appearance. */
export function parameterNames(trials: readonly ShownTrial[]): string[] {
  const searched = trials.filter((trial) => trial.origin === "search");
  const names = new Set<string>();
  for (const trial of searched.length > 0 ? searched.slice(0, 50) : trials) {
    Object.keys(trial.params).forEach((name) => names.add(name));
  }
  return [...names];
}

const PARAM = "param:";

/** What a column shows of a candidate; what is missing is null and stands last, whatever the order. */
export function cellValue(trial: ShownTrial, column: string): unknown {
  if (column.startsWith(PARAM)) {
    const name = column.slice(PARAM.length);
    return name in trial.params ? (trial.params[name] ?? "none") : null;
  }
  if (column === "how") return trial.how.join(", ") || null;
  return trial[column as keyof ShownTrial];
}

/** The rows that fit the filter, in order; equal ones stay in the order of their numbers. */
export function arranged(trials: readonly ShownTrial[], filter: Filter, sorting: Sorting): ShownTrial[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = trials.filter(
    (trial) =>
      (filter.state === "" || trial.state === filter.state) &&
      words.every((word) => searchedText(trial).includes(word)),
  );
  const keyed = fitting.map((trial) => ({ trial, key: cellValue(trial, sorting.column) }));
  keyed.sort(
    (one, other) =>
      compared(one.key, other.key, sorting.isDescending) || one.trial.number - other.trial.number,
  );
  return keyed.map((item) => item.trial);
}

function searchedText(trial: ShownTrial): string {
  const params = Object.entries(trial.params).map(([name, value]) => `${name}=${valueText(value)}`);
  return [`#${trial.number}`, trial.state, ...params, trial.error ?? ""].join(" ").toLowerCase();
}

function compared(one: unknown, other: unknown, isDescending: boolean): number {
  const [isMissing, isOtherMissing] = [one, other].map((value) => value === null || value === undefined);
  if (isMissing || isOtherMissing) return Number(isMissing) - Number(isOtherMissing);
  const order =
    typeof one === "number" && typeof other === "number"
      ? one - other
      : valueText(one).localeCompare(valueText(other));
  return isDescending ? -order : order;
}
