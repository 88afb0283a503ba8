import type { Parameter, RowKind, SpaceRow } from "@/panel/space/rows";

const FILLED: Record<RowKind, Omit<SpaceRow, "kind" | "name">> = {
  int: { low: 1, high: 10, log: false },
  float: { low: 0.1, high: 10, log: true },
  categorical: { choices: [1, 10] },
};

/** A parameter with rows of some kinds, for tests; the first kind is suggested where asked for. */
export function parameter(
  name: string,
  kinds: RowKind[],
  countOrShare = false,
  isSuggested = false,
): Parameter {
  const forms = kinds.map((kind) => ({
    kind,
    words: kind,
    filled: { kind, name, enabled: true, ...FILLED[kind] },
    schema: { properties: { number_type: { enum: countOrShare ? ["int", "float", null] : [null] } } },
  }));
  const suggested = isSuggested ? forms[0].filled : null;
  return { name, label: name, description: "", forms, suggested, held: 1 };
}
