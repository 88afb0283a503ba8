import { formOf, type Parameter, type RowKind, type SpaceRow } from "@/panel/space/rows";
import { type RowView, startOf } from "@/panel/space/row_views";

/** The rows to edit: those that are saved, else the suggested ones, which the first edit writes down. */
function written(rows: readonly SpaceRow[], suggested: readonly SpaceRow[]): SpaceRow[] {
  return [...(rows.length > 0 ? rows : suggested)];
}

/** The search space with another row in the place of a shown one. */
export function withRow(
  rows: readonly SpaceRow[],
  suggested: readonly SpaceRow[],
  view: RowView,
  row: SpaceRow,
): SpaceRow[] {
  const next = written(rows, suggested);
  const index = view.index ?? next.findIndex((item) => item.name === view.name);
  if (index < 0) return [...next, row];
  next[index] = row;
  return next;
}

/** The row, switched on or off: off is kept, but not searched. */
export function switched(row: SpaceRow, on: boolean): SpaceRow {
  return { ...row, enabled: on };
}

/** The row as another kind, with what the parameter starts with in that kind. */
export function ofKind(parameter: Parameter, row: SpaceRow, kind: RowKind): SpaceRow {
  const { suggested } = parameter;
  const start = suggested?.kind === kind ? suggested : formOf(parameter, kind)?.filled;
  return start ? { ...start, enabled: row.enabled ?? true } : row;
}

/** The row on a logarithmic scale or not; a logarithmic row has no step. */
export function withLog(row: SpaceRow, log: boolean): SpaceRow {
  const { step: _step, ...rest } = row;
  return log ? { ...rest, log } : { ...row, log };
}

/** The row with what is suggested for its parameter. */
export function asSuggested(parameter: Parameter): SpaceRow {
  return { ...startOf(parameter), enabled: true };
}

/** The search space without a row. */
export function withoutRow(rows: readonly SpaceRow[], index: number): SpaceRow[] {
  return rows.filter((_row, at) => at !== index);
}
