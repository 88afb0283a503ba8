import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import penguins from "@published/examples/penguins.json";
import type { Graph } from "@/api/documents";
import ConflictDialog from "@/app/ConflictDialog";
import { useDialogs } from "@/app/dialogs_store";
import LeaveDialog from "@/app/LeaveDialog";
import { leaveFor } from "@/app/leaving";
import MigratedNotice from "@/app/MigratedNotice";
import { EMPTY, useCanvas } from "@/graph/canvas_store";
import { drawingOf } from "@/graph/document";
import { KINDS } from "@/test_kinds";

const graph = penguins as unknown as Graph;

beforeEach(() => {
  useDialogs.setState({ open: null, leaving: null });
  useCanvas.setState({
    ...EMPTY,
    ...drawingOf(graph),
    base: graph,
    pipelineId: "p",
    etag: '"1"',
    kinds: KINDS,
  });
});

describe("leaving", () => {
  it("goes at once where everything is saved", () => {
    const go = vi.fn();
    leaveFor(go);
    expect(go).toHaveBeenCalledOnce();
  });

  it("asks where something is not, and staying keeps it", async () => {
    const [go, stay] = [vi.fn(), vi.fn()];
    useCanvas.getState().remove(["tune"]);
    leaveFor(go, stay);
    render(<LeaveDialog />);
    await userEvent.click(screen.getByRole("button", { name: "Stay here" }));
    expect([go.mock.calls.length, stay.mock.calls.length]).toEqual([0, 1]);
    expect(useCanvas.getState().nodes).toHaveLength(6);
  });

  it("goes without the changes when they are discarded, and does not ask again", async () => {
    const go = vi.fn();
    useCanvas.getState().remove(["tune"]);
    leaveFor(go);
    render(<LeaveDialog />);
    await userEvent.click(screen.getByRole("button", { name: "Discard changes" }));
    expect(go).toHaveBeenCalledOnce();
    leaveFor(go);
    expect(go).toHaveBeenCalledTimes(2);
  });

  it("does not go when saving failed", async () => {
    const go = vi.fn();
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no")));
    useCanvas.getState().remove(["tune"]);
    leaveFor(go);
    render(<LeaveDialog />);
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(useCanvas.getState().saving).toBe(false));
    expect(go).not.toHaveBeenCalled();
  });
});

describe("ConflictDialog", () => {
  it("shows both values by the titles of the panel, and takes all of theirs", async () => {
    const theirs = structuredClone(graph);
    const path = ["data", "config", "params", "C"];
    theirs.nodes[6].data.config = { model: "logistic_regression", params: { C: 7 }, number_types: {} };
    const conflict = { key: "k", nodeId: "classifier", label: "Logit", path, base: 1, mine: 0.1, theirs: 7 };
    useCanvas
      .getState()
      .setConfig("classifier", { model: "logistic_regression", params: { C: 0.1 }, number_types: {} });
    const open = {
      theirs: { graph: theirs, name: "P", revision: 2, etag: '"2"' },
      conflicts: [{ ...conflict, key: JSON.stringify(["classifier", ...path]) }],
      save: false,
    };
    useCanvas.setState({ conflict: open });
    render(<ConflictDialog conflict={open} />);
    expect(screen.getByRole("heading", { name: "Logit: Parameters › C" })).toBeTruthy();
    expect(screen.getByRole("button", { name: /Keep mine/ }).textContent).toContain("0.1");
    await userEvent.click(screen.getByRole("button", { name: "Take all of theirs" }));
    await userEvent.click(screen.getByRole("button", { name: "Merge" }));
    const model = useCanvas.getState().nodes.find((node) => node.id === "classifier");
    expect(model?.data.config.params).toEqual({ C: 7 });
    expect(useCanvas.getState()).toMatchObject({ conflict: null, revision: 2, etag: '"2"' });
  });
});

describe("MigratedNotice", () => {
  it("says what became of older nodes until it is closed", async () => {
    const note = { node_id: "tune", type: "t", from_version: 0, to_version: 1, notes: ["Searched no more."] };
    useCanvas.setState({ migrated: [note] });
    render(<MigratedNotice />);
    expect(screen.getByRole("listitem").textContent).toBe(
      "Tune hyperparameters: version 0 to 1. Searched no more.",
    );
    await userEvent.click(screen.getByRole("button", { name: "Close" }));
    expect(screen.queryByRole("alert")).toBeNull();
  });
});
