import { QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { ReactFlowProvider } from "@xyflow/react";
import type { ReactNode } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import penguins from "@published/examples/penguins.json";
import type { Finding, Graph } from "@/api/documents";
import { queryClient } from "@/api/queries";
import CanvasDialogs from "@/canvas/CanvasDialogs";
import { drawnEdges } from "@/canvas/drawn";
import EmptyState from "@/canvas/EmptyState";
import Palette from "@/canvas/Palette";
import { shownPorts } from "@/canvas/ports";
import { remarksOf } from "@/canvas/use_remarks";
import { useShortcuts } from "@/canvas/use_shortcuts";
import { openMenu, useView } from "@/canvas/view_store";
import { EMPTY, graphDocument, useCanvas } from "@/graph/canvas_store";
import { drawingOf } from "@/graph/document";
import { useNotices } from "@/graph/notices";
import { KINDS } from "@/test_kinds";

const graph = penguins as unknown as Graph;
const state = () => useCanvas.getState();
const shown = (children: ReactNode) =>
  render(
    <QueryClientProvider client={queryClient}>
      <ReactFlowProvider>{children}</ReactFlowProvider>
    </QueryClientProvider>,
  );

beforeEach(() => {
  queryClient.clear();
  useView.setState({ menu: null, connecting: null, renaming: null, remarks: {} });
  useCanvas.setState({ ...EMPTY, ...drawingOf(graph), base: graph, kinds: KINDS });
});

describe("Palette", () => {
  it("adds a node by Enter, right of the last, and says so", async () => {
    shown(<Palette />);
    screen.getByRole("button", { name: "Add Scale" }).focus();
    await userEvent.keyboard("{Enter}");
    const added = state().nodes.at(-1);
    expect(added).toMatchObject({ type: "scale", selected: true });
    expect(added?.position.x).toBeGreaterThan(1540);
    expect(useNotices.getState().current?.text).toBe("Scale was added.");
  });

  it("finds kinds by what they are for, and says when there is none", async () => {
    shown(<Palette />);
    await userEvent.type(screen.getByRole("searchbox"), "gaps");
    expect(screen.getAllByRole("button").map((each) => each.textContent)).toEqual(["Impute"]);
    await userEvent.type(screen.getByRole("searchbox"), "xyz");
    expect(screen.getByRole("status").textContent).toMatch(/No kind of node/);
  });
});

describe("EmptyState", () => {
  it("teaches three steps and makes a pipeline of an example", async () => {
    const asked: string[] = [];
    const answer = (input: unknown, init?: RequestInit) => {
      asked.push(`${init?.method} ${new URL(String(input)).pathname}`);
      const example = { id: "penguins", name: "Penguins", description: "Birds.", graph };
      const body = init?.method === "POST" ? { id: "new-one" } : { items: [example] };
      return Promise.resolve(new Response(JSON.stringify(body)));
    };
    vi.stubGlobal("fetch", answer);
    shown(<EmptyState />);
    expect(screen.getAllByRole("listitem")).toHaveLength(3);
    await userEvent.click(await screen.findByRole("button", { name: "Penguins" }));
    await waitFor(() => expect(location.hash).toBe("#/pipelines/new-one"));
    expect(asked).toEqual(["GET /example-pipelines", "POST /pipelines"]);
  });
});

describe("the menu of a node", () => {
  const choose = async (name: RegExp, nodeId = "tune") => {
    shown(<CanvasDialogs />);
    openMenu(nodeId, 0, 0);
    await userEvent.click(await screen.findByRole("menuitem", { name }));
  };

  it("renames", async () => {
    await choose(/Rename/);
    const field = screen.getByLabelText("Name");
    await userEvent.clear(field);
    await userEvent.type(field, "Search{Enter}");
    expect(state().nodes.find((node) => node.id === "tune")?.data.label).toBe("Search");
  });

  it("deletes, and offers to undo", async () => {
    await choose(/Delete/);
    expect(state().nodes.some((node) => node.id === "tune")).toBe(false);
    useNotices.getState().current?.action?.run();
    expect(graphDocument(state()).nodes.some((node) => node.id === "tune")).toBe(true);
  });

  it("duplicates", async () => {
    await choose(/Duplicate/);
    expect(state().nodes.map((node) => node.data.label)).toContain("Tune hyperparameters 2");
  });

  it("connects by keyboard: inputs that do not take the output say why", async () => {
    state().remove([], ["tune.best_params-classifier.params"]);
    await choose(/Connect/);
    const dialog = screen.getByRole("dialog");
    within(dialog).getByRole("combobox", { name: "To input" }).focus();
    await userEvent.keyboard("{Enter}");
    const refused = screen.getByRole("option", { name: /Scale: Dataset/ });
    expect(refused.getAttribute("aria-disabled")).toBe("true");
    expect(refused.textContent).toMatch(/gives parameters, but “Dataset” of Scale takes a table/);
    await userEvent.click(screen.getByRole("option", { name: /Logistic regression: Parameters/ }));
    await userEvent.click(screen.getByRole("button", { name: "Connect" }));
    expect(state().edges.at(-1)).toMatchObject({
      source: "tune",
      target: "classifier",
      targetHandle: "params",
    });
  });

  it("removes a connection", async () => {
    await choose(/Connect/, "classifier");
    await userEvent.click(screen.getByRole("button", { name: /Remove the connection Tune hyperparameters/ }));
    expect(state().edges.some((edge) => edge.source === "tune")).toBe(false);
  });
});

describe("keys", () => {
  function Keys() {
    useShortcuts();
    return <input aria-label="field" />;
  }

  const clipboard = (type: "copy" | "paste", data: Record<string, string>) => {
    const event = new Event(type, { bubbles: true, cancelable: true });
    const clipboardData = {
      setData: (format: string, text: string) => (data[format] = text),
      getData: (format: string) => data[format] ?? "",
    };
    Object.assign(event, { clipboardData });
    document.body.dispatchEvent(event);
  };

  it("copy and paste nodes as text", () => {
    shown(<Keys />);
    const data: Record<string, string> = {};
    state().select(["scale", "tune"]);
    clipboard("copy", data);
    clipboard("paste", data);
    clipboard("paste", data);
    expect(state().nodes).toHaveLength(graph.nodes.length + 4);
    clipboard("paste", { "text/plain": "something else" });
    expect(state().nodes).toHaveLength(graph.nodes.length + 4);
  });

  it("undo, redo, duplicate and select all, but not from a field", () => {
    shown(<Keys />);
    state().select(["scale"]);
    fireEvent.keyDown(screen.getByLabelText("field"), { key: "d", ctrlKey: true });
    expect(state().nodes).toHaveLength(7);
    fireEvent.keyDown(document.body, { key: "d", ctrlKey: true });
    expect(state().nodes).toHaveLength(8);
    fireEvent.keyDown(document.body, { key: "z", ctrlKey: true });
    expect(state().nodes).toHaveLength(7);
    fireEvent.keyDown(document.body, { key: "Z", ctrlKey: true, shiftKey: true });
    expect(state().nodes).toHaveLength(8);
    fireEvent.keyDown(document.body, { key: "a", ctrlKey: true });
    expect(state().nodes.every((node) => node.selected)).toBe(true);
    fireEvent.keyDown(document.body, { key: "Escape" });
    expect(state().nodes.some((node) => node.selected)).toBe(false);
  });
});

describe("what is drawn", () => {
  it("shows handles that only a connection knows, and marks the connection", () => {
    const edges = [
      { id: "a", source: "alien", sourceHandle: "beam", target: "scale", targetHandle: "old_name" },
      { id: "b", source: "scale", sourceHandle: "dataset", target: "tune", targetHandle: "dataset" },
    ];
    const scale = KINDS.find((kind) => kind.type === "scale");
    expect(shownPorts("alien", undefined, edges, "outputs").map((port) => port.id)).toEqual(["beam"]);
    expect(shownPorts("scale", scale, edges, "inputs").map((port) => port.id)).toEqual([
      "dataset",
      "old_name",
    ]);
    const drawn = drawnEdges(edges, state().nodes, KINDS);
    expect(drawn.map((edge) => edge.className)).toEqual(["strange", "port-table"]);
  });

  it("counts remarks at the node that they are about, each once", () => {
    const finding = (part: Partial<Finding>): Finding => ({
      pointer: "",
      code: "c",
      severity: "error",
      message: "m",
      ...part,
    });
    const edge = finding({ source: "graph", pointer: "/edges/4", severity: "warning", code: "e" });
    const answers = [
      {
        id: "tune",
        findings: [finding({ source: "config" }), finding({ severity: "todo", code: "t" }), edge],
      },
      { id: "other", findings: [edge, finding({ source: "graph", pointer: "/nodes/0/data" })] },
    ];
    const remarks = remarksOf(answers, graph);
    expect(remarks.tune).toMatchObject({ errors: 1, todos: 1, warnings: 1 });
    expect(remarks.penguins).toMatchObject({ errors: 1 });
    expect(Object.keys(remarks).sort()).toEqual(["penguins", "tune"]);
  });
});
