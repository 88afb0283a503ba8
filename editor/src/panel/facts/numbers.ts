const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const LEAST_PLAIN = 1e-3;
const LEAST_LONG = 1e15;

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
export function exactText(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return "0";
  const isPlain = size >= LEAST_PLAIN && size < LEAST_LONG;
  return isPlain ? String(value) : value.toExponential().replace("e+", "e");
}
