/** A part of the tuning node's form that is open from the start. */
export interface Section {
  id: "model" | "search" | "time";
  properties: readonly string[];
}

/** Which properties stand in the open sections, in this order; every other one is folded under Advanced. */
export const OPEN_SECTIONS: readonly Section[] = [
  { id: "model", properties: ["model", "target", "problem_type"] },
  { id: "search", properties: ["strategy", "search_space"] },
  { id: "time", properties: ["budget"] },
];

/** The names of a form, sorted to the open sections and the rest; a name that nobody here knows is in the rest. */
export function sectioned(names: readonly string[]): {
  open: { id: Section["id"]; names: string[] }[];
  rest: string[];
} {
  const open = OPEN_SECTIONS.map(({ id, properties }) => ({
    id,
    names: properties.filter((name) => names.includes(name)),
  }));
  const shown = new Set(open.flatMap((section) => section.names));
  return {
    open: open.filter((section) => section.names.length > 0),
    rest: names.filter((name) => !shown.has(name)),
  };
}
