import { isObject, same, type Scalar } from "@/panel/facts/json";
import { type Schema, tagsOf } from "@/panel/facts/schema";

/** The kinds of row of a search space. */
export type RowKind = "int" | "float" | "categorical";

/** A row of the search space as the configuration holds it; an absent key has its default. */
export interface SpaceRow {
  kind: RowKind;
  name: string;
  enabled?: boolean;
  low?: number | null;
  high?: number | null;
  step?: number | null;
  log?: boolean;
  grid_points?: number | null;
  choices?: Scalar[];
  number_type?: "int" | "float" | null;
}

/** One way to search a parameter: the schema of its row, and a filled row to start with. */
export interface RowForm {
  kind: RowKind;
  /** "Whole numbers", "Choices": what the kind means for this parameter. */
  words: string;
  schema: Schema;
  filled: SpaceRow;
}

/** A parameter of the model with everything that its row can be. */
export interface Parameter {
  name: string;
  label: string;
  description: string;
  forms: RowForm[];
  suggested: SpaceRow | null;
  /** Its value in every candidate while it is not searched; undefined where nothing says it. */
  held: Scalar | undefined;
}

/** The parameters that a resolved search space names, what is suggested first. */
export function parametersOf(
  space: Schema | undefined,
  fixed: Schema | undefined,
  suggested: readonly object[],
  known?: readonly string[],
): Parameter[] {
  const held = heldValues(fixed);
  const names = known ? new Set(known) : new Set(held.keys());
  const found = new Map<string, Parameter>();
  for (const branch of space?.items?.oneOf ?? []) {
    const { name } = tagsOf(branch);
    if (typeof name !== "string" || !names.has(name)) continue;
    const parameter = found.get(name) ?? newParameter(name, branch, suggested, held.get(name));
    parameter.forms.push(rowForm(branch));
    found.set(name, parameter);
  }
  return [...found.values()];
}

function newParameter(
  name: string,
  branch: Schema,
  suggested: readonly object[],
  held: Scalar | undefined,
): Parameter {
  const row = suggested.find((item) => isObject(item) && item["name"] === name);
  const [label] = titleParts(branch);
  return {
    name,
    label,
    description: branch.description ?? "",
    forms: [],
    suggested: (row as SpaceRow) ?? null,
    held,
  };
}

function rowForm(branch: Schema): RowForm {
  const filled = Object.fromEntries(
    Object.entries(branch.properties ?? {})
      .filter(([, part]) => part.default !== undefined)
      .map(([name, part]) => [name, part.default]),
  ) as unknown as SpaceRow;
  const [, words] = titleParts(branch);
  return { kind: filled.kind, words: words.charAt(0).toUpperCase() + words.slice(1), schema: branch, filled };
}

/** A branch is titled "Depth: whole numbers". */
function titleParts(branch: Schema): [string, string] {
  const title = branch.title ?? "";
  const at = title.lastIndexOf(": ");
  return at < 0 ? [title, title] : [title.slice(0, at), title.slice(at + 2)];
}

/** What each parameter has while it is not searched: forms of fixed parameters start with it. */
function heldValues(fixed: Schema | undefined): Map<string, Scalar> {
  const branches = (fixed?.items?.oneOf ?? []).map((branch) => [tagsOf(branch)["name"], branch] as const);
  return new Map(
    branches.flatMap(([name, branch]) =>
      typeof name === "string" ? [[name, branch.properties?.["value"]?.default as Scalar]] : [],
    ),
  );
}

/** The form of a row's kind; undefined for a row of another model. */
export function formOf(parameter: Parameter | null, kind: RowKind): RowForm | undefined {
  return parameter?.forms.find((form) => form.kind === kind);
}

const ROW_DEFAULTS = { enabled: true, step: null, log: false, grid_points: null, number_type: null };

/** Whether two rows say the same, however much of it they write down. */
export function sameRow(left: SpaceRow, right: SpaceRow): boolean {
  return same(written(left), written(right));
}

function written(row: SpaceRow): object {
  const step = row.kind === "int" && row.step === 1 ? null : (row.step ?? null);
  return { ...ROW_DEFAULTS, ...row, step };
}
