const DIGITS = 4;
const SMALLEST_PLAIN = 1e-3;
const GREATEST_PLAIN = 1e6;

/** A number with at most four significant digits; very small and very great ones as 1e-4. */
export function numberText(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) {
    return "–";
  }
  const size = Math.abs(value);
  if (size !== 0 && (size < SMALLEST_PLAIN || size >= GREATEST_PLAIN)) {
    return exponentText(value);
  }
  if (Number.isInteger(value)) {
    return String(value);
  }
  return String(Number(value.toPrecision(DIGITS)));
}

function exponentText(value: number): string {
  const [digits = "0", exponent = "0"] = value.toExponential(DIGITS - 1).split("e");
  return `${String(Number(digits))}e${String(Number(exponent))}`;
}

/** A parameter's value as people read it: 7, 1e-4, "rbf", yes, none. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) {
    return "none";
  }
  if (typeof value === "number") {
    return numberText(value);
  }
  if (typeof value === "boolean") {
    return value ? "yes" : "no";
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Seconds in words: "40 s", "2 min 5 s", "1 h 3 min". */
export function durationText(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) {
    return "–";
  }
  if (seconds < 1) {
    return "less than 1 s";
  }
  const whole = Math.round(seconds);
  if (whole < 60) {
    return `${String(whole)} s`;
  }
  const [large, small, units] =
    whole < 3600 ? [whole, 60, ["min", "s"]] : [Math.round(whole / 60), 60, ["h", "min"]];
  const rest = large % small;
  const head = `${String(Math.floor(large / small))} ${String(units[0])}`;
  return rest === 0 ? head : `${head} ${String(rest)} ${String(units[1])}`;
}

/** A moment in the reader's own time zone and manner. */
export function momentText(iso: string | null | undefined): string {
  return iso ? new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }) : "–";
}
