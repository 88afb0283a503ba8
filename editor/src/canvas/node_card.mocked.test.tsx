import { act, render, screen } from "@testing-library/react";
import { type NodeProps, ReactFlowProvider } from "@xyflow/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import penguins from "@published/examples/penguins.json";
import type { Graph } from "@/api/documents";
import NodeCard from "@/canvas/NodeCard";
import { useView } from "@/canvas/view_store";
import { type CanvasNode, EMPTY, useCanvas } from "@/graph/canvas_store";
import { drawingOf } from "@/graph/document";
import { strings } from "@/strings";
import { KINDS } from "@/test_kinds";

vi.mock("@/run/NodeBadge", () => ({
  default: () => {
    if (useCanvas.getState().pipelineId === "bad") throw new Error("a job that cannot be read");
    return <p>Done</p>;
  },
}));

const drawing = drawingOf(penguins as unknown as Graph);
const failures = () => screen.queryAllByText(strings.canvas.cardFailed);

async function drawCards(): Promise<void> {
  await act(async () =>
    render(
      <ReactFlowProvider>
        {drawing.nodes.map((node) => (
          <NodeCard key={node.id} {...(node as unknown as NodeProps<CanvasNode>)} />
        ))}
      </ReactFlowProvider>,
    ),
  );
}

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
  useView.setState({ remarks: {} });
  useCanvas.setState({ ...EMPTY, ...drawing, kinds: KINDS, pipelineId: "bad" });
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a card whose run cannot be shown", () => {
  it("says so, and every card stays", async () => {
    await drawCards();
    expect((await screen.findByText(strings.canvas.cardFailed)).title).toBe(strings.canvas.cardFailedHelp);
    expect(failures()).toHaveLength(1);
    expect(screen.getAllByRole("button", { name: /^Menu of / })).toHaveLength(drawing.nodes.length);
  });

  it("tries again with another pipeline", async () => {
    await drawCards();
    await screen.findByText(strings.canvas.cardFailed);
    act(() => useCanvas.setState({ pipelineId: "good" }));
    expect(await screen.findByText("Done")).toBeDefined();
    expect(failures()).toHaveLength(0);
  });
});
