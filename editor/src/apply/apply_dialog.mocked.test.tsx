import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import ApplyDialog from "@/apply/ApplyDialog";
import { isStale } from "@/apply/apply_requests";
import ValuesOrigin from "@/apply/ValuesOrigin";
import type { Job } from "@/api/documents";
import { type CanvasNode, useCanvas } from "@/graph/canvas_store";
import { useNotices } from "@/graph/notices";
import { takeOver } from "@/graph/saving";
import preview from "@/run/fixtures/preview.json";
import report from "@/run/fixtures/report.json";
import { type Asked, draw, forget, JOB, serve } from "@/run/test_server";

vi.mock("@/graph/saving", () => ({
  savePipeline: vi.fn(async () => "saved"),
  takeOver: vi.fn(async () => undefined),
}));

const PATCH = { patch_id: "p", kind: "params", state: "applied", skipped_nodes: [], revision: 4 };
const written = { body: { id: JOB.id, write_back: PATCH } };
const applies = ({ method, path }: Asked) =>
  method === "POST" && path.endsWith("/apply") ? written : undefined;
const bodies = (asked: Asked[], verb: string) =>
  asked.filter((each) => each.method === "POST" && each.path.endsWith(`/${verb}`)).map((each) => each.body);

beforeEach(() => {
  forget();
  vi.mocked(takeOver).mockClear();
  useCanvas.setState({ pipelineId: JOB.pipeline_id });
});

const dialog = (trial?: number) => {
  const onClose = vi.fn();
  draw(<ApplyDialog jobId={JOB.id} trial={trial} onClose={onClose} />);
  return onClose;
};

describe("the dialog", () => {
  it("says what kind of number the score is, with its folds and the gain", async () => {
    serve();
    dialog();
    expect(await screen.findByText(/folds ranged 0.02845 to 0.05586; lower is better/)).toBeDefined();
    expect(
      screen.getByText(/0.007324 better than the settings before \(0.04652; 16 %\). Better on 3 of 3 folds/),
    ).toBeDefined();
    expect(screen.getByText("Cross-validated score of the chosen candidate, selected from 7.")).toBeDefined();
  });

  it("applies everything, takes over what was written, and offers to undo", async () => {
    const asked = serve(applies, ({ path }) => (path.endsWith("/revert") ? written : undefined));
    const onClose = dialog();
    await screen.findByRole("checkbox", { name: "Take C for Logistic regression" });
    await userEvent.click(screen.getByRole("button", { name: "Apply" }));
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(bodies(asked, "apply")).toEqual([{ targets: ["classifier"], overwrite: false }]);
    expect(takeOver).toHaveBeenCalledTimes(1);
    const notice = useNotices.getState().current;
    expect(notice?.text).toBe("Applied to Logistic regression.");
    notice?.action?.run();
    await waitFor(() => expect(bodies(asked, "revert")).toEqual([{}]));
    await waitFor(() =>
      expect(useNotices.getState().current?.text).toBe("The settings are as they were before."),
    );
  });

  it("applies only what is ticked, and says that the model stays away then", async () => {
    const asked = serve(applies);
    dialog();
    await userEvent.click(await screen.findByRole("checkbox", { name: /Take class_weight/ }));
    expect(screen.getByText(/attached only with all of the settings/)).toBeDefined();
    await userEvent.click(screen.getByRole("button", { name: "Apply" }));
    await waitFor(() =>
      expect(bodies(asked, "apply")).toEqual([{ params: ["C"], targets: ["classifier"], overwrite: false }]),
    );
  });

  it("applies another candidate that was chosen", async () => {
    const asked = serve(applies);
    dialog(4);
    expect(await screen.findByText(/it is not the best one/)).toBeDefined();
    await userEvent.click(screen.getByRole("button", { name: "Apply" }));
    await waitFor(() =>
      expect(bodies(asked, "apply")).toEqual([{ trial: 4, targets: ["classifier"], overwrite: false }]),
    );
  });

  it("keeps what somebody edited, unless it is given up value by value", async () => {
    const rows = preview.rows.map((row, index) =>
      index === 0 ? { ...row, conflict: "expectation_failed" } : row,
    );
    const asked = serve(applies, ({ path }) =>
      path.includes("/apply-preview") ? { body: { ...preview, rows } } : undefined,
    );
    dialog();
    const choice = await screen.findByRole("group", { name: "Which value of C" });
    expect(within(choice).getByRole("button", { name: "Keep mine" }).getAttribute("aria-pressed")).toBe(
      "true",
    );
    await userEvent.click(within(choice).getByRole("button", { name: "Take the run's" }));
    await userEvent.click(screen.getByRole("button", { name: "Apply" }));
    await waitFor(() =>
      expect(bodies(asked, "apply")).toEqual([{ targets: ["classifier"], overwrite: true }]),
    );
  });

  it("overwrites nothing that has changed since it was shown", async () => {
    const conflict = (before: number) =>
      preview.rows.map((row, index) =>
        index === 0 ? { ...row, before, conflict: "expectation_failed" } : row,
      );
    let looks = 0;
    const asked = serve(applies, ({ path }) => {
      if (!path.includes("/apply-preview")) return undefined;
      looks += 1;
      return { body: { ...preview, rows: conflict(looks === 1 ? 1 : 8) } };
    });
    dialog();
    await userEvent.click(await screen.findByRole("button", { name: "Take the run's" }));
    await userEvent.click(screen.getByRole("button", { name: "Apply" }));
    expect(await screen.findByText(/was changed while this dialog was open/)).toBeDefined();
    expect(bodies(asked, "apply")).toEqual([]);
  });

  it("says in a sentence why nothing can be applied", async () => {
    const problem = { status: 409, body: { code: "no_targets", detail: "Nothing is connected." } };
    serve(({ path }) => (path.includes("/apply-preview") ? problem : undefined));
    dialog();
    expect(await screen.findByText(/No model is connected to the tuning node/)).toBeDefined();
    expect(screen.getByRole("button", { name: "Apply" }).hasAttribute("disabled")).toBe(true);
  });

  it("widens a range on the canvas with one click", async () => {
    const hint = {
      code: "best_at_bound",
      parameter: "C",
      side: "high",
      value: 1000,
      bound: 1000,
      suggested: 10000,
      pointer: "/search_space/0/high",
      sentence: "The best value of 'C' is at the upper end of its range.",
    };
    serve(({ path }) => (path.endsWith("/report") ? { body: { ...report, hints: [hint] } } : undefined));
    const node = {
      id: "tune",
      type: "hyperparameter_tuning",
      position: { x: 0, y: 0 },
      data: { config: {} },
    };
    useCanvas.setState({ nodes: [node as CanvasNode], base: null, pipelineId: JOB.pipeline_id });
    dialog();
    await userEvent.click(await screen.findByRole("button", { name: "Widen C to 10000" }));
    const rows = useCanvas.getState().nodes[0].data.config.search_space as { name: string; high: number }[];
    expect(rows.find((row) => row.name === "C")?.high).toBe(10000);
  });
});

describe("isStale", () => {
  const job = JOB as unknown as Job;
  const own = { job_id: job.id, fingerprint: job.fingerprints.run };
  const other = { job_id: "other", fingerprint: "sha256:other" };

  it.each([
    ["the run on the node, as the server says", own, true, true],
    ["the run on the node, up to date", own, false, false],
    ["a run of something else than the one that is up to date", other, false, true],
    ["a run beside one that is out of date: unknown", other, true, false],
    ["no result on the node", null, undefined, false],
  ])("of %s", (_name, result, isResultStale, expected) => {
    expect(isStale(job, result, isResultStale)).toBe(expected);
  });
});

describe("where values came from", () => {
  const path = "/data/config/params/C";
  const patch = { ops: [{ op: "set", node_id: "model", path, value: 2 }], provenance: { trial: 17 } };
  const applied = { ...JOB, run_number: 3, write_backs: [{ ...PATCH, patch }] };

  beforeEach(() => {
    const node = {
      id: "model",
      type: "model",
      position: { x: 0, y: 0 },
      data: { config: { params: { C: 2 } } },
    };
    const edge = {
      id: "e",
      source: "tune",
      target: "model",
      sourceHandle: "best_params",
      targetHandle: "params",
    };
    useCanvas.setState({ nodes: [node as CanvasNode], edges: [edge] });
  });

  const runs = ({ path: asked }: Asked) => {
    if (asked.includes("?")) return { body: { items: [applied], next: null } };
    return asked.endsWith(JOB.id) ? { body: applied } : undefined;
  };

  it("is said on the model node, with a way back", async () => {
    const asked = serve(({ path: each }) => (each.endsWith("/revert") ? written : undefined), runs);
    draw(<ValuesOrigin nodeId="model" />);
    expect(await screen.findByText(/C: from/)).toBeDefined();
    expect(screen.getByText(/C: from/).textContent).toContain("C: from run 3, candidate 17");
    await userEvent.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(bodies(asked, "revert")).toEqual([{}]));
  });

  it("is asked of the runs whose values were applied: newer ones may be many", async () => {
    const asked = serve(runs);
    draw(<ValuesOrigin nodeId="model" />);
    expect(await screen.findByText(/C: from/)).toBeDefined();
    expect(asked.map((each) => each.path).filter((path) => path.includes("?"))[0]).toContain("applied=true");
  });

  it("is not said of a value that was edited since", async () => {
    const asked = serve(runs);
    const node = useCanvas.getState().nodes[0];
    useCanvas.setState({ nodes: [{ ...node, data: { config: { params: { C: 5 } } } }] });
    const { container } = draw(<ValuesOrigin nodeId="model" />);
    await waitFor(() => expect(asked.length).toBe(2));
    expect(container.textContent).toBe("");
  });
});
