import { describe, expect, it } from "vitest";
import { parameter } from "@/panel/space/parameters_for_tests";
import { asSuggested, ofKind, switched, withLog, withoutRow, withRow } from "@/panel/space/row_edits";
import { sameRow, type SpaceRow } from "@/panel/space/rows";
import { rowViews, suggestedRows } from "@/panel/space/row_views";

const C = parameter("C", ["float", "categorical"], false, true);
const DEPTH = parameter("max_depth", ["int", "categorical"], false, true);
const TOL = parameter("tol", ["float"]);
const ALL = [C, DEPTH, TOL];
const SUGGESTED = suggestedRows(ALL, []);
const NONE: SpaceRow[] = [];

describe("rowViews", () => {
  it("shows the suggested rows while there are none", () => {
    const views = rowViews(NONE, ALL, []);
    expect(views.map(({ name, state, index }) => [name, state, index])).toEqual([
      ["C", "suggested", null],
      ["max_depth", "suggested", null],
      ["tol", "off", null],
    ]);
    expect(views[2].held).toBe(1);
  });

  it("tells suggested, edited and switched-off rows apart", () => {
    const rows: SpaceRow[] = [
      { ...SUGGESTED[0], enabled: false },
      { ...SUGGESTED[1], high: 99 },
    ];
    expect(rowViews(rows, ALL, []).map((view) => view.state)).toEqual(["off", "edited", "off"]);
    expect(rowViews(SUGGESTED, ALL, []).map((view) => view.state)).toEqual(["suggested", "suggested", "off"]);
  });

  it("puts rows of another model, and second ones, on top", () => {
    const rows: SpaceRow[] = [{ kind: "int", name: "gone" }, SUGGESTED[0], SUGGESTED[0]];
    const views = rowViews(rows, ALL, []);
    expect(views.slice(0, 2).map(({ name, index, parameter: of }) => [name, index, of === null])).toEqual([
      ["gone", 0, true],
      ["C", 2, false],
    ]);
    expect(new Set(views.map((view) => view.key)).size).toBe(views.length);
  });

  it("searches nothing that is fixed", () => {
    const fixed = [{ name: "C", value: 5 }];
    expect(rowViews(NONE, ALL, fixed)[0]).toMatchObject({ state: "off", held: 5 });
    expect(suggestedRows(ALL, fixed).map((row) => row.name)).toEqual(["max_depth"]);
  });
});

describe("edits", () => {
  const view = (rows: SpaceRow[], name: string) => {
    const found = rowViews(rows, ALL, []).find((item) => item.name === name);
    if (!found) throw new Error(`no row ${name}`);
    return found;
  };

  it("write the suggested rows down at the first one", () => {
    const rows = withRow(NONE, SUGGESTED, view(NONE, "C"), { ...SUGGESTED[0], high: 50 });
    expect(rows).toEqual([{ ...SUGGESTED[0], high: 50 }, SUGGESTED[1]]);
  });

  it("keep a row that is switched off", () => {
    const rows = withRow(NONE, SUGGESTED, view(NONE, "C"), switched(SUGGESTED[0], false));
    expect(rows[0]).toEqual({ ...SUGGESTED[0], enabled: false });
    expect(view(rows, "C").state).toBe("off");
    expect(view(withRow(rows, SUGGESTED, view(rows, "C"), switched(rows[0], true)), "C").state).toBe(
      "suggested",
    );
  });

  it("add a row for a parameter that had none", () => {
    const off = view(NONE, "tol");
    const rows = withRow(NONE, SUGGESTED, off, switched(off.row, true));
    expect(rows.map((row) => row.name)).toEqual(["C", "max_depth", "tol"]);
  });

  it("change the kind to what the parameter starts with in it", () => {
    expect(ofKind(C, SUGGESTED[0], "categorical")).toMatchObject({ kind: "categorical", choices: [1, 10] });
    expect(ofKind(C, { ...SUGGESTED[0], enabled: false }, "categorical").enabled).toBe(false);
    expect(ofKind(TOL, SUGGESTED[0], "int")).toBe(SUGGESTED[0]);
  });

  it("take the step out of a logarithmic row", () => {
    expect(withLog({ kind: "float", name: "C", step: 2 }, true)).toEqual({
      kind: "float",
      name: "C",
      log: true,
    });
    expect(withLog({ kind: "float", name: "C", log: true }, false)).toMatchObject({ log: false });
  });

  it("go back to what is suggested, row by row", () => {
    expect(sameRow(asSuggested(C), SUGGESTED[0])).toBe(true);
    expect(asSuggested(TOL).enabled).toBe(true);
  });

  it("take a row out by its place", () => expect(withoutRow(SUGGESTED, 0)).toEqual([SUGGESTED[1]]));
});

it("finds rows the same, however much of them is written down", () => {
  const short: SpaceRow = { kind: "int", name: "a", low: 1, high: 2 };
  expect(sameRow(short, { ...short, enabled: true, step: 1, log: false, number_type: null })).toBe(true);
  expect(sameRow(short, { ...short, kind: "float" })).toBe(false);
  expect(sameRow(short, { ...short, enabled: false })).toBe(false);
  expect(sameRow(short, { ...short, step: 2 })).toBe(false);
});
