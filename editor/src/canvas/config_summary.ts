/** One line about what a node is set to, from its published schema alone. */
import type { Descriptor } from "@/api/documents";
import { isObject } from "@/graph/document";
import { strings } from "@/strings";

interface Schema {
  title?: string;
  const?: unknown;
  default?: unknown;
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
}

const MOST = 3;
/** Values that say what they are without a title; where one of them is there, so does the branch. */
const TELLING = new Set(["path", "table", "name"]);

/** What differs from the defaults, most telling first; "Default settings" where nothing does. */
export function configSummary(config: Record<string, unknown>, kind: Descriptor | undefined): string {
  if (kind === undefined) return "";
  const parts = partsOf(config, kind.config_schema as Schema, kind.default_config);
  return parts.length > 0 ? parts.slice(0, MOST).join(" · ") : strings.canvas.defaults;
}

/** A value in few characters. */
export function shortValue(value: unknown): string {
  if (typeof value === "number") return shortNumber(value);
  if (Array.isArray(value))
    return value.length > 2 ? `${value.length} values` : value.map(shortValue).join(", ");
  if (value === null) return "none";
  if (value === true) return "yes";
  if (value === false) return "no";
  return String(value);
}

function partsOf(config: Record<string, unknown>, schema: Schema, defaults: unknown): string[] {
  const branch = schema.oneOf ? branchOf(schema.oneOf, config) : schema;
  if (branch === undefined) return [];
  const tag = schema.oneOf ? tagOf(branch) : undefined;
  // Complete defaults are of one branch; each branch says its own in its schema.
  const usual = tag === undefined ? defaults : undefined;
  const keys = Object.keys(branch.properties ?? {}).filter((key) => key !== tag);
  const telling = tag === undefined ? undefined : keys.find((key) => TELLING.has(key) && config[key]);
  const named = telling !== undefined ? lastStep(String(config[telling])) : (branch.title ?? "");
  const parts = keys
    .filter((key) => key !== telling && config[key] !== undefined)
    .flatMap((key) =>
      partOf(config[key], branch.properties?.[key] ?? {}, isObject(usual) ? usual[key] : undefined),
    );
  return tag === undefined ? parts : [named, ...parts];
}

function partOf(value: unknown, schema: Schema, fallback: unknown): string[] {
  if (isObject(value)) return partsOf(value, schema, fallback);
  const usual = fallback !== undefined ? fallback : schema.default;
  const empty = value === null || value === "" || (Array.isArray(value) && value.length === 0);
  if (empty || JSON.stringify(value) === JSON.stringify(usual)) return [];
  if (Array.isArray(value) && value.some(isObject)) return [`${schema.title ?? ""}: ${value.length}`];
  return [`${schema.title ?? ""}: ${shortValue(value)}`];
}

function branchOf(branches: Schema[], config: Record<string, unknown>): Schema | undefined {
  return branches.find((branch) => {
    const tag = tagOf(branch);
    return tag !== undefined && branch.properties?.[tag]?.const === config[tag];
  });
}

function tagOf(branch: Schema): string | undefined {
  return Object.entries(branch.properties ?? {}).find(([, part]) => part.const !== undefined)?.[0];
}

function lastStep(path: string): string {
  return path.split("/").at(-1) ?? path;
}

function shortNumber(value: number): string {
  if (value === 0 || Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size < 1e-3 || size >= 1e6
    ? value
        .toExponential(3)
        .replace(/\.?0+e/, "e")
        .replace("e+", "e")
    : String(Number(value.toPrecision(4)));
}
