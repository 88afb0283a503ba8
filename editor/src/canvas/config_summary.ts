/** One line about what a node is set to, from its published schema alone. */
import type { Descriptor } from "@/api/documents";
import { canonical, isObject } from "@/graph/document";
import { strings } from "@/strings";

interface Schema {
  title?: string;
  const?: unknown;
  default?: unknown;
  enum?: unknown[];
  /** What the form calls the values of the enum; of the UI schema. */
  labels?: string[];
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
}

const MOST = 3;
/** Values that say what they are without a title; where one of them is there, so does the branch. */
const TELLING = new Set(["path", "table", "name"]);

const USUAL = 2;

/** What differs from the defaults, most telling first; where nothing does, what the first defaults are. */
export function configSummary(config: Record<string, unknown>, kind: Descriptor | undefined): string {
  if (kind === undefined) return "";
  const schema = labelledSchema(kind);
  const parts = partsOf(config, schema, kind.default_config);
  const shown = parts.length > 0 ? parts.slice(0, MOST) : usualParts(schema, kind.default_config);
  return shown.length > 0 ? shown.join(" · ") : strings.canvas.defaults;
}

const labelledSchemas = new WeakMap<Descriptor, Schema>();

/** The schema of a kind with its labels; made once, since every card asks. */
function labelledSchema(kind: Descriptor): Schema {
  const known = labelledSchemas.get(kind);
  if (known) return known;
  const made = labelled(kind.config_schema as Schema, kind.ui_schema.rjsf as Ui);
  labelledSchemas.set(kind, made);
  return made;
}

interface Ui {
  "ui:enumNames"?: string[];
  oneOf?: Ui[];
  [name: string]: unknown;
}

function labelled(schema: Schema, ui: Ui | undefined): Schema {
  if (ui === undefined) return schema;
  const parts = Object.entries(schema.properties ?? {});
  return {
    ...schema,
    labels: ui["ui:enumNames"],
    oneOf: schema.oneOf?.map((branch, index) => labelled(branch, ui.oneOf?.[index])),
    properties:
      schema.properties &&
      Object.fromEntries(parts.map(([name, part]) => [name, labelled(part, ui[name] as Ui | undefined)])),
  };
}

/** The first setting, and the first of those that are a choice among words. */
function usualParts(schema: Schema, defaults: unknown): string[] {
  const entries = Object.entries(schema.properties ?? {});
  // A value of several shapes says the most, and was left out.
  if (!isObject(defaults) || entries.some(([, part]) => part.oneOf !== undefined)) return [];
  const told = entries.filter(([, part], index) => index === 0 || part.enum !== undefined);
  return told.slice(0, USUAL).flatMap(([key, part]) => partOf(defaults[key], part, undefined, true));
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
  if (schema.oneOf) return taggedParts(config, schema.oneOf);
  const entries = Object.entries(schema.properties ?? {}).filter(([key]) => config[key] !== undefined);
  // The first value of several shapes says what kind of thing this is, also where it is the usual one.
  const first = entries.find(([, part]) => part.oneOf !== undefined)?.[0];
  return entries.flatMap(([key, part]) =>
    partOf(config[key], part, isObject(defaults) ? defaults[key] : undefined, key === first),
  );
}

/** Of a value of several shapes: which one, and what is not the usual in it. */
function taggedParts(config: Record<string, unknown>, branches: Schema[]): string[] {
  const branch = branchOf(branches, config);
  if (branch === undefined) return [];
  const tag = tagOf(branch);
  const keys = Object.keys(branch.properties ?? {}).filter((key) => key !== tag);
  const telling = keys.find((key) => TELLING.has(key) && config[key]);
  const named = telling !== undefined ? lastStep(String(config[telling])) : (branch.title ?? "");
  // Complete defaults are of one branch; each branch says its own in its schema.
  const parts = keys
    .filter((key) => key !== telling && config[key] !== undefined)
    .flatMap((key) => partOf(config[key], branch.properties?.[key] ?? {}, undefined, false));
  return [named, ...parts];
}

function partOf(value: unknown, schema: Schema, fallback: unknown, always: boolean): string[] {
  const usual = fallback !== undefined ? fallback : schema.default;
  if (!always && canonical(value) === canonical(usual)) return [];
  if (isObject(value)) return partsOf(value, schema, fallback);
  const empty = value === null || value === "" || (Array.isArray(value) && value.length === 0);
  if (empty) return [];
  if (Array.isArray(value) && value.some(isObject)) return [`${schema.title ?? ""}: ${value.length}`];
  return [`${schema.title ?? ""}: ${labelOf(value, schema) ?? shortValue(value)}`];
}

function labelOf(value: unknown, { enum: values, labels }: Schema): string | undefined {
  return labels?.[values?.indexOf(value) ?? -1];
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
