/** What the published descriptors call what a job names: "logistic_regression" as "Logistic regression". */
import type { Descriptor } from "@/api/documents";
import { isObject } from "@/graph/document";
import { plainName } from "@/run/metric_words";

/** A strategy; one that is not published any more is told by its name in the contract. */
export function strategyName(kinds: Descriptor[] | undefined, strategy: string): string {
  const published = kinds?.flatMap((kind) => kind.strategies ?? []);
  return published?.find((each) => each.value === strategy)?.label ?? plainName(strategy);
}

/** A model; one that is not published any more is told by its name in the contract. */
export function modelName(kinds: Descriptor[] | undefined, model: string): string {
  const titles = kinds?.map((kind) => titleOf(kind, model));
  return titles?.find((title) => title !== undefined) ?? plainName(model);
}

function titleOf(kind: Descriptor, model: string): string | undefined {
  // Forms have the titles beside the schema: JSON Schema has none for the values of an `enum`.
  const names = list(at(kind.ui_schema, "rjsf", "model", "ui:enumNames"));
  const place = list(at(kind.config_schema, "properties", "model", "enum")).indexOf(model);
  const name = names[place];
  return typeof name === "string" ? name : undefined;
}

/** A setting as forms call it. */
export interface PublishedSetting {
  /** "Budget, Candidates"; a row of a list is called by the parameter that it is of. */
  name: string;
  /** What forms call a value that says which shape something has: "random" as "Random search". */
  valueName: (value: unknown) => string | undefined;
}

/** A setting by its path in the configuration; what is not published any more keeps its name in the contract. */
export function publishedSetting(schema: unknown, path: readonly string[]): PublishedSetting {
  const words: string[] = [];
  let parts: unknown[] = [schema];
  let [branches, isTag, isRow] = [parts, false, false];
  for (const key of path) {
    branches = parts.flatMap((part) => [part, ...list(at(part, "oneOf"))]);
    const below = branches.map((part) => at(part, "properties", key)).filter(isObject);
    parts = below.length > 0 ? below : branches.map((part) => at(part, "items")).filter(isObject);
    isTag = below.some((part) => "const" in part);
    // The strategy is told by its own title; which kind of row this is has to be said.
    if (!isTag || isRow) words.push(wordOf(key, below, parts));
    isRow = below.length === 0;
  }
  const valueName = (value: unknown) => {
    const tag = path.at(-1) ?? "";
    const branch = branches.find((part) => at(part, "properties", tag, "const") === value);
    return isTag ? (at(branch, "title") as string | undefined) : undefined;
  };
  return { name: words.join(", "), valueName };
}

function wordOf(key: string, below: Record<string, unknown>[], parts: unknown[]): string {
  const title = below.map((part) => part.title).find((found) => typeof found === "string");
  return title ?? (below.length === 0 && parts.length > 0 ? key : plainName(key));
}

function at(document: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((found, key) => (isObject(found) ? found[key] : undefined), document);
}

function list(found: unknown): unknown[] {
  return Array.isArray(found) ? found : [];
}
