import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  arrived,
  choose,
  configOf,
  control,
  FRESH,
  maybe,
  press,
  shownIn,
  showPanel,
  write,
} from "@/panel/panel_for_tests";
import type { SpaceRow } from "@/panel/space/rows";
import { strings } from "@/strings";

const SLOW = 30_000;

afterEach(() => vi.unstubAllGlobals());

const rows = () => configOf("tune")["search_space"] as SpaceRow[];
const row = (name: string) => rows().find((item) => item.name === name);

async function opened() {
  showPanel();
  await arrived("Low of C");
}

describe("the table of the search space", { timeout: SLOW }, () => {
  it("shows what is suggested until a value is edited, as it was typed", async () => {
    await opened();
    expect(screen.getAllByText("suggested")).toHaveLength(2);
    expect(shownIn("Low of C")).toBe("1e-4");
    write("Low of C", "2.5e-3");
    expect(shownIn("Low of C")).toBe("2.5e-3");
    expect(row("C")).toMatchObject({ low: 0.0025, high: 1000, log: true });
    expect(rows().map((item) => item.name)).toEqual(["C", "class_weight"]);
    expect(screen.getAllByText("suggested")).toHaveLength(1);
  });

  it("asks for a model only where it is known that there is none", async () => {
    showPanel({ resolve: () => null });
    await arrived("Paste a dict…");
    expect(screen.queryByText(strings.panel.space.noModel)).toBeNull();
    cleanup();
    showPanel({ resolve: () => FRESH });
    await screen.findByText(strings.panel.space.noModel);
  });

  it("changes nothing by a text that is no number yet", async () => {
    await opened();
    write("Low of C", "5");
    write("Low of C", "5e");
    expect(shownIn("Low of C")).toBe("5e");
    screen.getByText(/Write a number/);
    expect(row("C")?.low).toBe(5);
  });

  it("goes back to what is suggested: for one row, and for all", async () => {
    await opened();
    await press("Log scale for C");
    expect(row("C")?.log).toBe(false);
    await press("Use suggested for C");
    expect(row("C")?.log).toBe(true);
    await press("Use suggested for all");
    expect(rows()).toEqual([]);
    expect((control("Use suggested for all") as HTMLButtonElement).disabled).toBe(true);
  });

  it("fixes a parameter that is switched off at its present value, and shows that", async () => {
    await opened();
    await press("Search C");
    expect(row("C")).toMatchObject({ enabled: false, low: 1e-4 });
    screen.getByText("fixed at 1");
    expect(maybe("Low of C")).toBeUndefined();
    await press("Search C");
    expect(row("C")?.enabled).toBe(true);
  });

  it("adds parameters that are not suggested, with a box a choice", async () => {
    await opened();
    expect(maybe("Search Solver")).toBeUndefined();
    await press(/^Show \d+ more parameters/);
    await press("Search Solver");
    const before = row("solver")?.choices ?? [];
    expect(before).toContain("saga");
    await press("'saga'");
    expect(row("solver")?.choices).toEqual(before.filter((value) => value !== "saga"));
  });

  it("changes the kind, and takes typed and pasted values apart by their type", async () => {
    await opened();
    await choose("Kind of values of C", "Choices");
    expect(row("C")?.kind).toBe("categorical");
    write("Add a value to C", "5e-4");
    fireEvent.keyDown(control("Add a value to C"), { key: "Enter" });
    expect(row("C")?.choices?.at(-1)).toBe(5e-4);
    write("Add a value to C", "much");
    fireEvent.keyDown(control("Add a value to C"), { key: "Enter" });
    screen.getByText(/“much” is not a value/);
    fireEvent.paste(control("Add a value to C"), { clipboardData: { getData: () => "5\n50\n5\n" } });
    expect(row("C")?.choices?.slice(-2)).toEqual([5, 50]);
    fireEvent.keyUp(control(/^50: press Delete/), { key: "Delete" });
    expect(row("C")?.choices?.at(-1)).toBe(5);
  });

  it("says what a parameter allows, has, and has by itself, with examples of its scale", async () => {
    await opened();
    await screen.findByText("Allowed: above 0 · now 1 · default 1");
    control("Example values: 1e-4, 0.005623, 0.3162, 17.78, 1000");
  });

  it("asks a grid for the number of values", async () => {
    await opened();
    expect(maybe("Grid values of C")).toBeUndefined();
    await choose("Search strategy", "Grid search");
    await arrived("Grid values of C");
    write("Grid values of C", "4");
    expect(row("C")?.grid_points).toBe(4);
    write("Grid values of C", "");
    expect(row("C")).not.toHaveProperty("grid_points");
  });

  it("takes a pasted dict, and refuses another text with a sentence", async () => {
    await opened();
    await press("Paste a dict…");
    await arrived("Dict");
    write("Dict", "{'C': [0.1, 1");
    await press("Use these rows");
    screen.getByText("Line 1: a comma or ']' is missing before the end.");
    write("Dict", "{'C': [0.1, 1], 'class_weight': [None]}");
    await press("Use these rows");
    await waitFor(() => expect(maybe("Dict")).toBeUndefined());
    expect(rows()).toEqual([
      { kind: "categorical", name: "C", enabled: true, choices: [0.1, 1] },
      { kind: "categorical", name: "class_weight", enabled: true, choices: [null] },
    ]);
  });
});
