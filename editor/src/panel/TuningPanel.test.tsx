import { screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Descriptor, Resolution } from "@/api/documents";
import { useCanvas } from "@/graph/canvas_store";
import otherModel from "@/panel/fixtures/penguins_other_model.json";
import wrongRange from "@/panel/fixtures/penguins_wrong_range.json";
import {
  arrived,
  choose,
  configOf,
  control,
  FRESH,
  maybe,
  PENGUINS,
  press,
  shownIn,
  showPanel,
  TUNING,
  write,
} from "@/panel/panel_for_tests";

const SLOW = 30_000;

afterEach(() => vi.unstubAllGlobals());

function withFindings(found: object): Resolution {
  return { ...PENGUINS, ...found } as unknown as Resolution;
}

describe("the form", { timeout: SLOW }, () => {
  it("has three open sections, and the rest folded with a line each", async () => {
    showPanel();
    await arrived("Candidates");
    const headings = [...document.querySelectorAll("h3")].map((heading) => heading.textContent);
    expect(headings).toEqual(["Model and target", "What to search", "How long", "Advanced"]);
    await arrived("Cross-validation5-fold, stratified, seed 42");
    expect(control(/^Objective/).textContent).toBe("ObjectiveAutomatic: Log loss, lower is better");
    await screen.findByText("31 candidates, 155 fits");
  });

  it("writes nothing before somebody edits, then all that the form says", async () => {
    showPanel();
    await arrived("Candidates");
    expect(configOf("tune")).toEqual({});
    write("Candidates", "");
    expect(configOf("tune")).toMatchObject({ budget: { max_trials: null } });
    write("Candidates", "1e2");
    expect(configOf("tune")).toMatchObject({ budget: { max_trials: 100 }, strategy: { name: "random" } });
    expect(shownIn("Candidates")).toBe("1e2");
    while (Object.keys(configOf("tune")).length > 0) useCanvas.getState().undo();
    await waitFor(() => expect(shownIn("Candidates")).toBe("30"));
  });

  it("is a checklist and nothing red on a fresh node", async () => {
    showPanel({ resolve: () => FRESH });
    await screen.findByText("3 steps left before it can run");
    screen.getByText("Connect a table to the input 'Dataset'.");
    expect(document.querySelector(".Mui-error, [aria-invalid=true]")).toBeNull();
    await press("Go there");
    expect(document.activeElement).toBe(control("Target column"));
  });

  it("shows a property that nobody here knows", async () => {
    const schema = structuredClone(PENGUINS.config_schema) as { properties: Record<string, object> };
    schema.properties["later"] = { title: "From a later release", type: "boolean", default: true };
    showPanel({ resolve: () => ({ ...PENGUINS, config_schema: schema }) });
    await arrived(/^From a later release/);
  });

  it("leads from the connected model to its node", async () => {
    showPanel();
    await press("Logistic regression");
    expect(useCanvas.getState().nodes.find((node) => node.selected)?.id).toBe("classifier");
  });

  it("says what the automatic metric is, and which ones are better when lower", async () => {
    showPanel();
    await press(/^Objective/);
    await choose("Metric", "Accuracy");
    expect(configOf("tune")).toMatchObject({ objective: { metric: "accuracy" } });
    await choose("Metric", "Automatic: Log loss (lower is better)");
    expect(configOf("tune")).toMatchObject({ objective: { metric: "auto" } });
  });
});

describe("findings", { timeout: SLOW }, () => {
  it("stand at their field, which alone is marked", async () => {
    showPanel({ resolve: () => withFindings(wrongRange) });
    await arrived("Low of C");
    useCanvas.getState().setConfig("tune", { search_space: wrongRange.config.search_space });
    await screen.findByText(/The range of 'C' is empty/);
    await waitFor(() => expect(control("Low of C").getAttribute("aria-invalid")).toBe("true"));
    expect(control("High of C").getAttribute("aria-invalid")).not.toBe("true");
  });

  it("are said at the Run button, too: the field may be out of view", async () => {
    showPanel({ resolve: () => withFindings(wrongRange) });
    const button = await screen.findByRole("button", { name: /^Run/ });
    const told = () => document.getElementById(button.getAttribute("aria-describedby") ?? "")?.textContent;
    await waitFor(() => expect(told()).toMatch(/^Before it can run: .*The range of 'C' is empty/));
  });

  it("of a text that is no number keep it from running with the value before", async () => {
    showPanel();
    await arrived("Low of C");
    const button = await screen.findByRole("button", { name: /^Run/ });
    await waitFor(() => expect(button.getAttribute("aria-disabled")).toBe("false"));
    write("Low of C", "abc");
    expect(button.getAttribute("aria-disabled")).toBe("true");
    screen.getByText("Before it can run: “Low of C” is not a number.");
    write("Low of C", "0.1");
    await waitFor(() => expect(button.getAttribute("aria-disabled")).toBe("false"));
  });

  it("have their remedies as buttons", async () => {
    showPanel({
      resolve: ({ graph }) => {
        const held = graph.nodes.find((node) => node.id === "tune")?.data.config["search_space"];
        return Array.isArray(held) && held.length === 1 ? withFindings(otherModel) : PENGUINS;
      },
    });
    await arrived("Low of C");
    useCanvas.getState().setConfig("tune", { search_space: otherModel.config.search_space });
    await screen.findByText("not a parameter of this model");
    await waitFor(() => expect((control("Replace by suggested") as HTMLButtonElement).disabled).toBe(false));
    await press("Replace by suggested");
    const rows = configOf("tune")["search_space"] as { name: string }[];
    expect(rows.map((row) => row.name)).toEqual(["C", "class_weight"]);
    await waitFor(() => expect(screen.queryByText("not a parameter of this model")).toBeNull());
  });

  it("open the folded part that they are in, also when they come after the form", async () => {
    const problem = { pointer: "/cross_validation/folds", code: "x", severity: "error", message: "Too few." };
    showPanel({
      resolve: ({ graph }) => {
        const isEdited = "budget" in (graph.nodes.find((node) => node.id === "tune")?.data.config ?? {});
        return isEdited ? withFindings({ findings: [{ ...problem, source: "config" }] }) : PENGUINS;
      },
    });
    await arrived("Low of C");
    const fold = () => control(/^Cross-validation/).getAttribute("aria-expanded");
    expect(fold()).toBe("false");
    write("Candidates", "12");
    await screen.findByText("Too few.");
    expect(fold()).toBe("true");
    await press(/^Cross-validation/);
    expect(fold()).toBe("false");
  });

  it("of the whole search space stand there once", async () => {
    const problem = {
      pointer: "/search_space",
      code: "x",
      severity: "error",
      message: "Nothing is searched.",
    };
    showPanel({ resolve: () => withFindings({ findings: [{ ...problem, source: "config" }] }) });
    await waitFor(() => expect(screen.getAllByRole("group", { name: "Notes" })).toHaveLength(1));
    expect(screen.getAllByText("Nothing is searched.")).toHaveLength(1);
  });

  it("put steps before the node where that is the remedy", async () => {
    const fix = { title: "Put them before", insert_steps: [{ kind: "impute", config: {} }] };
    const finding = { pointer: "", code: "unprepared_columns", severity: "error", message: "Gaps.", fix };
    showPanel({ resolve: () => withFindings({ findings: [finding] }) });
    await waitFor(() => expect((control("Put them before") as HTMLButtonElement).disabled).toBe(false));
    await press("Put them before");
    expect(useCanvas.getState().nodes.filter((node) => node.type === "impute")).toHaveLength(2);
  });
});

describe("strategies", { timeout: SLOW }, () => {
  it("bring their own limit, and keep what was set", async () => {
    showPanel();
    await choose("Search strategy", "Grid search");
    const grid = { strategy: { name: "grid" }, budget: { max_trials: null, max_seconds: 600 } };
    expect(configOf("tune")).toMatchObject(grid);
  });

  it("of other packages appear with their options; those not installed with their reason", async () => {
    const schema = structuredClone(PENGUINS.config_schema) as {
      properties: { strategy: { oneOf: object[] } };
    };
    const ui = structuredClone(PENGUINS.ui_schema) as unknown as { rjsf: { strategy: { oneOf: object[] } } };
    const tag = { type: "string", const: "simulated_annealing", default: "simulated_annealing" };
    schema.properties.strategy.oneOf.push({
      title: "Simulated annealing",
      type: "object",
      required: ["name"],
      properties: { name: tag, cooling: { title: "Cooling", type: "number", default: 0.9 } },
    });
    ui.rjsf.strategy.oneOf.push({ "ui:label": false, name: { "ui:widget": "hidden" } });
    const missing = { ...TUNING.strategies?.[4], available: false, reason: "pip install it." };
    const kind = { ...TUNING, strategies: [...(TUNING.strategies ?? []).slice(0, 4), missing] } as Descriptor;
    const answer = { ...PENGUINS, config_schema: schema, ui_schema: ui } as unknown as Resolution;
    showPanel({ kinds: [kind], resolve: () => answer });
    await arrived("Low of C");
    await choose("Search strategy", "Simulated annealing");
    await press("Options");
    await arrived("Cooling");
    expect(shownIn("Cooling")).toBe("0.9");
    expect(configOf("tune")).toMatchObject({ strategy: { name: "simulated_annealing", cooling: 0.9 } });
    screen.getByText(/Optuna is not available here\. pip install it\./);
  });

  it("that are gone stay chosen until another one is", async () => {
    showPanel();
    await arrived("Candidates");
    useCanvas.getState().setConfig("tune", { strategy: { name: "gone", depth: 3 } });
    await waitFor(() => expect(control("Search strategy").textContent).toBe("gone (not installed)"));
    expect(configOf("tune")).toEqual({ strategy: { name: "gone", depth: 3 } });
    await choose("Search strategy", "Random search");
    expect(configOf("tune")).toMatchObject({ strategy: { name: "random" } });
  });
});

it("says why there is no form for this pipeline, and shows the node's own", { timeout: SLOW }, async () => {
  showPanel({ resolve: () => null });
  await screen.findByText(/The form cannot be fitted/, {}, { timeout: SLOW });
  await arrived("Candidates");
  expect(maybe("Low of C")).toBeUndefined();
  screen.getByText("This node cannot run: its settings could not be checked.");
});

it("asks again for the form where somebody wants to", { timeout: SLOW }, async () => {
  let isThere = false;
  showPanel({ resolve: () => (isThere ? PENGUINS : null) });
  await screen.findByText(/The form cannot be fitted/, {}, { timeout: SLOW });
  isThere = true;
  await press("Try again");
  await arrived("Low of C");
  expect(screen.queryByText(/The form cannot be fitted/)).toBeNull();
});
