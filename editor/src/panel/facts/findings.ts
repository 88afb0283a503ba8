import type { Finding } from "@/api/documents";
import { isObject } from "@/panel/facts/json";
import { pathOf, pointerOf } from "@/panel/facts/pointers";
import { partAt, valueAt, type Schema } from "@/panel/facts/schema";

/** Findings sorted to where the panel shows them. */
export interface PlacedFindings {
  /** The checklist: what is still open, never red. */
  todos: Finding[];
  /** Errors and warnings about the whole, or about the graph: shown on top. */
  general: Finding[];
  /** Errors and warnings by the pointer of the field that shows them. */
  byPointer: ReadonlyMap<string, Finding[]>;
}

/** No findings at all. */
export const NOTHING_FOUND: PlacedFindings = { todos: [], general: [], byPointer: new Map() };

/** Sorts the findings of a resolution to the fields of its form. */
export function placed(findings: readonly Finding[], schema: Schema, config: unknown): PlacedFindings {
  const byPointer = new Map<string, Finding[]>();
  const todos: Finding[] = [];
  const general: Finding[] = [];
  for (const finding of findings) {
    const isOfConfig = finding.source === undefined || finding.source === null || finding.source === "config";
    const pointer = isOfConfig ? shownAt(finding.pointer, schema, config) : "";
    if (finding.severity === "todo") todos.push(finding);
    else if (pointer === "") general.push(finding);
    else byPointer.set(pointer, [...(byPointer.get(pointer) ?? []), finding]);
  }
  return { todos, general, byPointer };
}

/** The deepest place on the way of a pointer that has a field of its own: hidden tags are told at what they are tags of. */
export function shownAt(pointer: string, schema: Schema, config: unknown): string {
  const path = pathOf(pointer);
  // The table of the search space has no schema below it here, and places the findings of its rows itself.
  if (path[0] === "search_space") return pointer;
  const shown: string[] = [];
  let part: Schema | undefined = schema;
  let value: unknown = config;
  for (const key of path) {
    part = partAt(part, value, key);
    if (part === undefined || part.const !== undefined) break;
    value = valueAt(value, key);
    shown.push(key);
  }
  return pointerOf(shown);
}

/** Findings at a place and below it: those of a folded part of the form. */
export function findingsBelow(found: PlacedFindings, pointer: string): Finding[] {
  return [...found.byPointer].flatMap(([place, findings]) =>
    place === pointer || place.startsWith(`${pointer}/`) ? findings : [],
  );
}

interface ErrorTree {
  __errors?: string[];
  [key: string]: ErrorTree | string[] | undefined;
}

/** Errors in the form library's own shape, so that their fields are marked; warnings and open items mark nothing. */
export function errorTree(found: PlacedFindings): ErrorTree {
  const tree: ErrorTree = {};
  for (const [pointer, findings] of found.byPointer) {
    const errors = findings.filter((finding) => finding.severity === "error");
    if (errors.length === 0) continue;
    let place = tree;
    for (const key of pathOf(pointer)) {
      const below = place[key];
      place = isObject(below) ? (below as ErrorTree) : (place[key] = {});
    }
    place.__errors = errors.map((finding) => finding.message);
  }
  return tree;
}
