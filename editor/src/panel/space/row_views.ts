import type { Scalar } from "@/panel/facts/json";
import { type Parameter, sameRow, type SpaceRow } from "@/panel/space/rows";

/** What the table shows of one row. */
export interface RowView {
  key: string;
  name: string;
  label: string;
  /** null: the row is of another model, or one too many. */
  parameter: Parameter | null;
  /** What is searched, or would be when it is switched on. */
  row: SpaceRow;
  /** Its place in the saved rows; null: not written down. */
  index: number | null;
  state: "suggested" | "edited" | "off";
  /** The value while it is off. */
  held: Scalar | undefined;
}

interface Fixed {
  name: string;
  value: Scalar;
}

/** The rows of the table: one a parameter in the model's order, then rows that belong to no parameter of it. */
export function rowViews(
  rows: readonly SpaceRow[],
  parameters: readonly Parameter[],
  fixed: readonly Fixed[],
): RowView[] {
  const taken = new Set<number>();
  const views = parameters.map((parameter) => {
    const index = rows.findIndex((row) => row.name === parameter.name);
    if (index >= 0) taken.add(index);
    return parameterView(
      parameter,
      rows,
      index,
      fixed.find((item) => item.name === parameter.name),
    );
  });
  const others = rows.flatMap((row, index) =>
    taken.has(index) ? [] : [strangerView(row, index, parameters)],
  );
  return [...others, ...views];
}

function parameterView(
  parameter: Parameter,
  rows: readonly SpaceRow[],
  index: number,
  fixed: Fixed | undefined,
): RowView {
  const { name, label, suggested } = parameter;
  const saved = index >= 0 ? rows[index] : undefined;
  const isSuggested = rows.length === 0 && suggested !== null && fixed === undefined;
  const row = saved ?? (isSuggested ? suggested : startOf(parameter));
  const isOn = saved ? saved.enabled !== false : isSuggested;
  const state = !isOn ? "off" : suggested !== null && sameRow(row, suggested) ? "suggested" : "edited";
  const held = fixed ? fixed.value : parameter.held;
  return { key: name, name, label, parameter, row, index: saved ? index : null, state, held };
}

function strangerView(row: SpaceRow, index: number, parameters: readonly Parameter[]): RowView {
  const twice = parameters.find((parameter) => parameter.name === row.name) ?? null;
  const state = row.enabled === false ? "off" : "edited";
  const key = `${row.name} ${index}`;
  return {
    key,
    name: row.name,
    label: twice?.label ?? row.name,
    parameter: twice,
    row,
    index,
    state,
    held: undefined,
  };
}

/** The row that a parameter gets when it is switched on: what is suggested, else filled in by the schema. */
export function startOf(parameter: Parameter): SpaceRow {
  return parameter.suggested ?? parameter.forms[0].filled;
}

/** The rows that an empty search space stands for. */
export function suggestedRows(parameters: readonly Parameter[], fixed: readonly Fixed[]): SpaceRow[] {
  const names = new Set(fixed.map((item) => item.name));
  return parameters.flatMap(({ suggested }) => (suggested && !names.has(suggested.name) ? [suggested] : []));
}
