import type { Scalar } from "@/panel/facts/json";
import { exactText, readNumber } from "@/panel/facts/numbers";
import type { Schema } from "@/panel/facts/schema";

const WORDS = new Map([
  ["none", null],
  ["null", null],
  ["true", true],
  ["false", false],
]);
const QUOTED = /^(?:'([^']*)'|"([^"]*)")$/;

/** The types that one choice of a parameter can have. */
export function choiceTypes(items: Schema | undefined): Set<string> {
  const parts = items?.oneOf ?? (items ? [items] : []);
  return new Set(
    parts.flatMap((part) => part.type ?? []).map((type) => (type === "integer" ? "number" : type)),
  );
}

/** The value that a text says, by the types that are allowed; undefined where it says none of them. */
export function readChoice(text: string, types: ReadonlySet<string>): Scalar | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  const quoted = QUOTED.exec(trimmed);
  if (quoted) return types.has("string") ? (quoted[1] ?? quoted[2]) : undefined;
  const word = WORDS.get(trimmed.toLowerCase());
  if (word === null && types.has("null")) return null;
  if (typeof word === "boolean" && types.has("boolean")) return word;
  const number = readNumber(trimmed);
  if (typeof number === "number" && types.has("number")) return number;
  return types.has("string") ? trimmed : undefined;
}

/** A choice as it is shown, so that no two values look the same: texts stand in quotes. */
export function choiceText(value: Scalar): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "number" ? exactText(value) : `'${value}'`;
}

/** Whether two choices are one value: 1, '1' and True are three. */
export function sameChoice(left: Scalar, right: Scalar): boolean {
  return typeof left === typeof right && left === right;
}

/** The values of a pasted column or list: by lines, commas, semicolons or tabs; brackets around it do not count. */
export function splitValues(text: string): string[] {
  const bare = text
    .trim()
    .replace(/^[[({]/, "")
    .replace(/[\])}]$/, "");
  return (bare.match(/'[^']*'|"[^"]*"|[^,;\t\r\n]+/g) ?? [])
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
