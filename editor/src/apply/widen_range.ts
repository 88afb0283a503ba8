import type { Report, TuningConfig } from "@/api/documents";

type Hint = Report["hints"][number];
type Row = NonNullable<TuningConfig["search_space"]>[number];

/** The configuration with the range that a hint is about widened; rows of the run are taken where it had none. */
export function widened(
  config: Record<string, unknown>,
  hint: Hint,
  searched: readonly Row[],
): Record<string, unknown> {
  const own = (config.search_space as Row[] | undefined) ?? [];
  const rows = own.length > 0 ? own : [...searched];
  const isThere = rows.some((row) => row.name === hint.parameter);
  const missing = isThere ? [] : searched.filter((row) => row.name === hint.parameter);
  const space = [...rows, ...missing].map((row) =>
    row.name === hint.parameter && row.kind !== "categorical" ? { ...row, [hint.side]: hint.suggested } : row,
  );
  return { ...config, search_space: space };
}
