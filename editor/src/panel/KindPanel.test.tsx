import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import example from "@published/examples/penguins.json";
import type { Graph } from "@/api/documents";
import { useCanvas } from "@/graph/canvas_store";
import {
  arrived,
  choose,
  configOf,
  control,
  PENGUINS,
  shownIn,
  showPanel,
  write,
} from "@/panel/panel_for_tests";

const SLOW = 30_000;

afterEach(() => vi.unstubAllGlobals());

const options = () => [...document.querySelectorAll<HTMLElement>("[role=option]")];

describe("panels of other kinds", { timeout: SLOW }, () => {
  it("show defaults, and save only what was edited", async () => {
    showPanel({ nodeId: "classifier" });
    await arrived("Tolerance");
    expect(shownIn("Tolerance")).toBe("1e-4");
    expect(control("Class weight").textContent).toBe("None");
    write("Tolerance", "1e-3");
    expect(configOf("classifier")).toEqual({
      model: "logistic_regression",
      params: { C: 1, tol: 0.001 },
      number_types: {},
    });
    write("Tolerance", "1e-4");
    expect(configOf("classifier")["params"]).toEqual({ C: 1, tol: 0.0001 });
  });

  it("change the model, and keep the parameters that it has, too", async () => {
    showPanel({ nodeId: "classifier" });
    await choose("Model", "Support vector machine (classifier)");
    expect(configOf("classifier")).toMatchObject({ model: "svc", params: { C: 1 } });
    expect(configOf("classifier")["params"]).not.toHaveProperty("kernel");
  });

  it("offer the columns of the table as targets", async () => {
    const { asked } = showPanel({ nodeId: "penguins" });
    const target = await arrived("Target column");
    const questions = () => asked.mock.calls.filter(([url]) => url.endsWith("/resolve"));
    await waitFor(() => expect(questions()).toHaveLength(1));
    await waitFor(() => {
      fireEvent.keyDown(target, { key: "ArrowDown" });
      expect(options()).toHaveLength(PENGUINS.targets.length);
    });
    const [first] = PENGUINS.targets;
    expect(options()[0].textContent).toContain(first.value);
    expect(options()[0].textContent).toContain(`${first.distinct} different values`);
    fireEvent.click(options()[0]);
    expect(configOf("penguins")["target"]).toBe(first.value);
    expect(JSON.parse(String(questions()[0][1]?.body))).toEqual({
      config: {},
      graph: { dataset: { source: "file", path: "examples/penguins.csv" }, dataset_kind: "dataset" },
    });
  });

  it("offer the columns of the table upstream to a step", async () => {
    showPanel({ nodeId: "impute" });
    const columns = await arrived("Columns");
    await waitFor(() => {
      fireEvent.change(columns, { target: { value: "bill" } });
      expect(options().length).toBeGreaterThan(0);
    });
    fireEvent.click(options()[0]);
    expect((configOf("impute")["columns"] as string[])[0]).toMatch(/bill/);
  });

  it("take the name of the node", async () => {
    showPanel({ nodeId: "impute" });
    await arrived("Name of the node");
    write("Name of the node", "Gaps");
    expect(useCanvas.getState().nodes.find((node) => node.id === "impute")?.data.label).toBe("Gaps");
  });
});

describe("nodes that nobody here can edit", { timeout: SLOW }, () => {
  const graph = structuredClone(example) as unknown as Graph;
  graph.nodes[2] = { ...graph.nodes[2], type: "acme.filler" };
  graph.nodes[3] = { ...graph.nodes[3], type: "impute", data: { ...graph.nodes[3].data, type_version: 99 } };

  it("of an unknown kind are shown as they are", async () => {
    showPanel({ nodeId: "impute", graph });
    await screen.findByText(/No package here knows the kind “acme.filler”/);
    expect(screen.getByLabelText("What the node holds, as JSON").textContent).toContain(
      '"numeric": "median"',
    );
    expect(document.querySelector("[role=combobox]")).toBeNull();
  });

  it("of a later release cannot be renamed, either", async () => {
    showPanel({ nodeId: "encode", graph });
    await screen.findByText(/saved by a later release/);
    expect((control("Name of the node") as HTMLInputElement).disabled).toBe(true);
  });
});
