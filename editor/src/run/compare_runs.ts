import type { Job, TuningConfig } from "@/api/documents";
import { valueText } from "@/graph/number_text";
import { publishedSetting } from "@/run/published_names";

/** Why the scores of two runs cannot be compared. */
export type Difference = "metric" | "data" | "validation";

/** What keeps two scores from being compared; nothing: the same metric on the same rows and folds. */
export function incomparable(one: Job, other: Job): Difference[] {
  const found: Difference[] = [];
  if (one.metric !== other.metric) found.push("metric");
  if (one.fingerprints.data !== other.fingerprints.data) found.push("data");
  if (!isSameValidation(one, other)) found.push("validation");
  return found;
}

/** Folds are made from the same rows with the same seed, or they are other folds. */
function isSameValidation(one: Job, other: Job): boolean {
  const folds = ({ config, fingerprints, seed }: Job) =>
    JSON.stringify([config?.cross_validation, fingerprints.validation ?? null, seed]);
  return folds(one) === folds(other);
}

/** One line of a comparison: a name, and what it is in each run; null where it is not set. */
export interface ComparedLine {
  name: string;
  values: [string | null, string | null];
}

/**
 * The settings that differ, called as forms call them; rows of the search space are compared by their parameter.
 *
 * @param schema - Of the configuration, as it is published.
 */
export function differingSettings(one: Job, other: Job, schema?: unknown): ComparedLine[] {
  const [first, second] = [one, other].map(({ config }) => flat(config ?? {}, schema));
  return compared(first, second).filter(({ values }) => values[0] !== values[1]);
}

/**
 * The best settings of both runs, side by side.
 *
 * The settings before a run are whole, those of a candidate are what was searched: what neither of the two runs
 * decided is left out, or it would look as if they differed in it.
 */
export function bestSettings(one: Job, other: Job): ComparedLine[] {
  const decided = new Set([...decidedNames(one), ...decidedNames(other)]);
  const lines = compared(texts(one.best?.params), texts(other.best?.params));
  return lines.filter(({ name }) => decided.size === 0 || decided.has(name));
}

function decidedNames({ config }: Job): string[] {
  const { search_space: rows = [], fixed_params: fixed = [] } = (config ?? {}) as TuningConfig;
  return [...rows, ...fixed].map((row) => row.name);
}

function texts(values: Record<string, unknown> | undefined): Map<string, string> {
  return new Map(Object.entries(values ?? {}).map(([name, value]) => [name, valueText(value)]));
}

function compared(one: Map<string, string>, other: Map<string, string>): ComparedLine[] {
  const names = new Set([...one.keys(), ...other.keys()]);
  return [...names].map((name) => ({ name, values: [one.get(name) ?? null, other.get(name) ?? null] }));
}

/** Every leaf of a configuration by its path in words. */
function flat(value: unknown, schema: unknown, path: string[] = [], found = new Map<string, string>()) {
  const isRows =
    Array.isArray(value) && value.every((item) => isObject(item) && typeof item.name === "string");
  if (isRows && value.length > 0) {
    for (const row of value as { name: string }[]) {
      const { name, ...rest } = row;
      flat(rest, schema, [...path, name], found);
    }
  } else if (isObject(value) && Object.keys(value).length > 0) {
    for (const [name, item] of Object.entries(value)) flat(item, schema, [...path, name], found);
  } else if (value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0)) {
    const { name, valueName } = publishedSetting(schema, path);
    const text = Array.isArray(value) ? value.map(valueText).join(", ") : valueText(value);
    found.set(name, valueName(value) ?? text);
  }
  return found;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
