import type { Scalar } from "@/panel/facts/json";
import type { SpaceRow } from "@/panel/space/rows";

/** A value that a row can give, and where it stands between the ends of the row's scale (0 to 1). */
export interface Example {
  value: Scalar;
  at: number;
}

const EXAMPLES = 5;

/** Five values, evenly along the scale of a row: for a logarithmic one evenly in the logarithm; none for a range that is empty. */
export function exampleValues(row: SpaceRow): Example[] {
  return row.kind === "categorical" ? choiceExamples(row.choices ?? []) : rangeExamples(row);
}

function choiceExamples(choices: readonly Scalar[]): Example[] {
  const shown = choices.slice(0, EXAMPLES);
  return shown.map((value, index) => ({ value, at: shown.length > 1 ? index / (shown.length - 1) : 0.5 }));
}

function rangeExamples(row: SpaceRow): Example[] {
  const { low, high, log = false } = row;
  if (typeof low !== "number" || typeof high !== "number" || !(low < high) || (log && low <= 0)) return [];
  const from = log ? Math.log(low) : low;
  const width = (log ? Math.log(high) : high) - from;
  // Two doubles side by side can have one logarithm.
  if (!(width > 0)) return [];
  const found = new Map<number, number>();
  for (const share of shares(row.grid_points)) {
    const raw = from + share * width;
    const value = onGrid(log ? Math.exp(raw) : raw, low, high, row);
    if (!found.has(value)) found.set(value, ((log ? Math.log(value) : value) - from) / width);
  }
  return [...found].map(([value, at]) => ({ value, at: Math.min(1, Math.max(0, at)) }));
}

/** A grid of so many points has no values between them. */
function shares(points: number | null | undefined): number[] {
  const even = Array.from({ length: EXAMPLES }, (_item, index) => index / (EXAMPLES - 1));
  if (typeof points !== "number" || points < 1) return even;
  if (points === 1) return [0];
  return even.map((share) => Math.round(share * (points - 1)) / (points - 1));
}

function onGrid(value: number, low: number, high: number, row: SpaceRow): number {
  const step = row.step ?? (row.kind === "int" ? 1 : 0);
  if (row.kind === "int" && row.log) return Math.min(high, Math.max(low, Math.round(value)));
  if (!(step > 0) || row.log) return Math.min(high, Math.max(low, value));
  const most = Math.floor((high - low) / step + 1e-9);
  const count = Math.min(most, Math.max(0, Math.round((value - low) / step)));
  // 0.1 + 2 * 0.1 is 0.30000000000000004: digits beyond those of a double say nothing.
  return Number((low + count * step).toPrecision(12));
}
