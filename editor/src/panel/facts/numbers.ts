const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const LEAST_PLAIN = 1e-3;
const LEAST_LONG = 1e15;
const SHOWN_DIGITS = 4;

/** The number that a text says: null for no text, undefined for one that is no number (yet). */
export function readNumber(text: string): number | null | undefined {
  const trimmed = text.trim().replace(/\u2212/g, "-");
  if (trimmed === "") return null;
  const bare = trimmed.replace(/(?<=\d)_(?=\d)/g, "");
  if (!NUMBER.test(bare)) return undefined;
  const value = Number(bare);
  return Number.isFinite(value) ? value : undefined;
}

/** A number as people type it, without loss: 0.05, 1e-4. */
export function numberText(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  const isPlain = size >= LEAST_PLAIN && size < LEAST_LONG;
  return isPlain ? String(value) : value.toExponential().replace("e+", "e");
}

/** A number to be read, not edited: up to four significant digits. */
export function shortNumber(value: number): string {
  return numberText(Number(value.toPrecision(SHOWN_DIGITS)));
}

/** Seconds in words: 0.4 s, 40 s, 2 min 5 s, 1 h 10 min. */
export function durationText(seconds: number): string {
  if (seconds < 1) return `${shortNumber(Number(seconds.toPrecision(1)))} s`;
  const whole = Math.round(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  if (minutes > 0) return rest > 0 ? `${minutes} min ${rest} s` : `${minutes} min`;
  return `${rest} s`;
}
