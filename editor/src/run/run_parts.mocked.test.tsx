import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Estimate, Job } from "@/api/documents";
import type { TrialRow } from "@/api/trial_queries";
import { useCanvas } from "@/graph/canvas_store";
import trials from "@/run/fixtures/trials.json";
import NodeBadge from "@/run/NodeBadge";
import RunBody from "@/run/RunBody";
import RunButton, { costText } from "@/run/RunButton";
import { useRunChoice } from "@/run/run_choice";
import { runNumbers } from "@/run/run_numbers";
import { NOTHING_YET } from "@/run/run_state";
import RunPage from "@/run/RunPage";
import RunsTab from "@/run/RunsTab";
import RunTab from "@/run/RunTab";
import { shownTrials } from "@/run/trial_rows";
import type { Run } from "@/run/use_run";
import { KINDS } from "@/test_kinds";
import { draw, forget, HALVING, JOB, serve } from "@/run/test_server";

vi.mock("uplot", () => {
  class Plot {
    setData(): void {}
    setSize(): void {}
    destroy(): void {}
  }
  return { default: Object.assign(Plot, { paths: { stepped: () => undefined } }) };
});
vi.mock("@/graph/saving", () => ({
  savePipeline: vi.fn(async () => "saved"),
  takeOver: vi.fn(async () => undefined),
}));

const ESTIMATE = { fits: 150, basis: "exact", seconds: { low: 30, likely: 40, high: 60 } } as Estimate;
const SUBMIT = "/hyperparameter-tuning-jobs";

/** A stream of events in which nothing happens. */
class Silent {
  onopen = null;
  onerror = null;
  readyState = 0;
  addEventListener(): void {}
  close(): void {}
}

/** The run before its end, as one of a list or by itself. */
function unfinished(status: string, path: string) {
  const progress = { ...JOB.progress, eta_seconds: 37 };
  const job = { ...JOB, status, finished_at: null, progress };
  return { body: path.includes("?") ? { items: [job], next: null } : job };
}

beforeEach(() => {
  forget();
  vi.stubGlobal("EventSource", Silent);
  useCanvas.setState({ pipelineId: JOB.pipeline_id, revision: 3 });
});

describe("the page of a run", () => {
  it("says in words how it ended, its best score and which way is better", async () => {
    serve();
    draw(<RunPage jobId={JOB.id} />);
    expect(await screen.findByRole("heading", { name: "Run 1" })).toBeDefined();
    expect(screen.getByText("Done")).toBeDefined();
    expect(screen.getByText(/log loss, lower is better/)).toBeDefined();
    expect(screen.getByText("0.03919")).toBeDefined();
    const link = screen.getByRole("link", { name: "Open its pipeline" });
    expect(link.getAttribute("href")).toBe(`#/pipelines/${JOB.pipeline_id}`);
  });

  it.each([
    ["running", true],
    ["stopping", false],
    ["cancelling", false],
  ])("says of a run that is %s how much time is left: %s", async (status, isSaid) => {
    serve(({ path }) => (path === `${SUBMIT}/${JOB.id}` ? unfinished(status, path) : undefined));
    draw(<RunPage jobId={JOB.id} />);
    await screen.findByRole("progressbar", { name: "Progress of the search" });
    expect(screen.queryAllByText("Time left").length).toBe(isSaid ? 1 : 0);
    expect(screen.queryAllByText(/about 37 s/).length).toBe(isSaid ? 1 : 0);
  });

  it("does not promise to keep the best of a run that is being discarded after it was asked to finish", async () => {
    const body = { ...JOB, status: "cancelling", stop_requested: true, finished_at: null };
    serve(({ path }) => (path === `${SUBMIT}/${JOB.id}` ? { body } : undefined));
    draw(<RunPage jobId={JOB.id} />);
    await screen.findByText("Being discarded");
    expect(screen.queryByText(/the best so far is kept/)).toBeNull();
  });

  it("says of which node of which pipeline it is", async () => {
    const graph = { nodes: [{ id: JOB.node_id, type: "t", data: { label: "My search" } }], edges: [] };
    serve(({ path }) =>
      path === `/pipelines/${JOB.pipeline_id}` ? { body: { name: "Penguins", graph } } : undefined,
    );
    draw(<RunPage jobId={JOB.id} />);
    expect(await screen.findByText(/^“My search” in “Penguins”, as saved in revision \d+\.$/)).toBeDefined();
  });

  it("calls model and strategy as the forms do", async () => {
    serve(({ path }) => (path === "/nodes" ? { body: { items: KINDS } } : undefined));
    draw(<RunPage jobId={JOB.id} />);
    await userEvent.click(await screen.findByRole("tab", { name: "Setup" }));
    expect(await screen.findByText("Random search")).toBeDefined();
    expect(screen.getByText("Logistic regression")).toBeDefined();
  });

  it("says of which node it is where the pipeline was deleted", async () => {
    serve();
    draw(<RunPage jobId={JOB.id} />);
    expect(
      await screen.findByText(new RegExp(`^“${JOB.node_id}” in its pipeline, as saved in revision`)),
    ).toBeDefined();
  });

  it("lists candidates with how they were evaluated, sorts them, and shows the folds of one", async () => {
    serve();
    draw(<RunPage jobId={JOB.id} />);
    await userEvent.click(await screen.findByRole("tab", { name: "Candidates" }));
    const table = await screen.findByRole("table", { name: "Table of all candidates" });
    expect(within(table).getAllByText(/fitted by itself|steps before the model shared/).length).toBe(7);
    await userEvent.click(within(table).getByRole("button", { name: "Score" }));
    const first = within(table).getAllByRole("row")[1];
    expect(first.textContent).toContain("★ 3");
    await userEvent.click(within(table).getByRole("button", { name: "Select candidate 3" }));
    expect(await screen.findByText(/Candidate 3: 0.03919 \(folds ranged 0.02845 to 0.05586\)/)).toBeDefined();
  });

  it("marks the best candidate that its head names, which events tell before the job does", async () => {
    serve();
    const job = JOB as unknown as Job;
    const numbers = { ...runNumbers(job, NOTHING_YET, 0), best: { trial: 2, score: 0.01 } };
    const rows = shownTrials(trials.items as unknown as TrialRow[], NOTHING_YET, false);
    const run = {
      job,
      numbers,
      isLive: true,
      link: "live",
      live: NOTHING_YET,
      trials: rows,
      trialsFailed: null,
    };
    draw(<RunBody run={run as Run} />);
    await userEvent.click(screen.getByRole("tab", { name: "Candidates" }));
    expect(screen.getAllByText(/★/).map((cell) => cell.textContent)).toEqual(["★ 2"]);
  });

  it("shows the frozen configuration, and the log of a run that has ended", async () => {
    serve(({ path }) =>
      path.includes("/events") && !path.includes("after=0")
        ? { body: { items: [], next_after: 28, terminal: true } }
        : undefined,
    );
    draw(<RunPage jobId={JOB.id} />);
    await userEvent.click(await screen.findByRole("tab", { name: "Setup" }));
    expect(screen.getByText(/C: 1e-4 to 1000, logarithmic/)).toBeDefined();
    await userEvent.click(screen.getByRole("tab", { name: "Log" }));
    expect(await screen.findByText("The search began: 7 candidates on 3 folds of 275 rows.")).toBeDefined();
  });

  it("says that a run is not there, without offering to try again", async () => {
    serve();
    draw(<RunPage jobId="nothing" />);
    expect(await screen.findByText(/There is no such run/)).toBeDefined();
    expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
  });

  it("tells why a run failed and what to do", async () => {
    const error = { code: "all_trials_failed", message: "All 6 candidates failed." };
    serve(({ path }) =>
      path.endsWith(JOB.id) ? { body: { ...JOB, status: "failed", error, best: null } } : undefined,
    );
    draw(<RunPage jobId={JOB.id} />);
    expect(await screen.findByText("All 6 candidates failed.")).toBeDefined();
    expect(await screen.findByText(/^Every candidate failed in the same way/)).toBeDefined();
    expect(screen.queryByRole("button", { name: /Apply/ })).toBeNull();
    expect(screen.getByRole("button", { name: "Go on…" })).toBeDefined();
  });

  it("goes on with a run only where a limit is raised", async () => {
    const asked = serve(({ path, method }) =>
      method === "POST" && path.endsWith("/resume")
        ? { status: 202, body: { ...JOB, id: "next" } }
        : undefined,
    );
    draw(<RunPage jobId={JOB.id} />);
    await userEvent.click(await screen.findByRole("button", { name: "Go on…" }));
    const go = screen.getByRole("button", { name: "Go on" });
    expect(go.hasAttribute("disabled")).toBe(true);
    const trials = screen.getByLabelText("Number of candidates");
    await userEvent.clear(trials);
    await userEvent.type(trials, "20");
    await userEvent.click(go);
    await waitFor(() =>
      expect(asked.find((each) => each.method === "POST")?.body).toEqual({ budget: { max_trials: 20 } }),
    );
  });
});

describe("a run that goes on", () => {
  const running = { ...JOB, status: "running", finished_at: null };

  it("finishes early at once, and discards only after a question", async () => {
    const asked = serve(
      ({ method, path }) =>
        method === "POST" && /\/(stop|cancel)$/.test(path) ? { status: 202, body: running } : undefined,
      ({ path }) => (path.endsWith(JOB.id) ? { body: running } : undefined),
    );
    const posts = () =>
      asked.filter((each) => each.method === "POST").map((each) => each.path.split("/").at(-1));
    draw(<RunPage jobId={JOB.id} />);
    await userEvent.click(await screen.findByRole("button", { name: "Finish now, keep best" }));
    await waitFor(() => expect(posts()).toEqual(["stop"]));
    await userEvent.click(screen.getByRole("button", { name: "Discard run" }));
    const question = await screen.findByRole("dialog", { name: "Discard this run?" });
    expect(posts()).toEqual(["stop"]);
    await userEvent.click(within(question).getByRole("button", { name: "Discard run" }));
    await waitFor(() => expect(posts()).toEqual(["stop", "cancel"]));
  });
});

describe("the badge on the canvas", () => {
  it("says how the newest run ended and its best score", async () => {
    serve();
    draw(<NodeBadge nodeId="tune" />);
    expect(await screen.findByText("Done · best 0.02217")).toBeDefined();
  });

  it.each([
    ["running", /37 s left/],
    ["stopping", /^Finishing: the best model is being fitted · best [\d.]+$/],
  ])("says how long a run that is %s takes, where that is known", async (status, said) => {
    serve(({ path }) => (path.startsWith(SUBMIT) ? unfinished(status, path) : undefined));
    draw(<NodeBadge nodeId="tune" />);
    expect(await screen.findByText(said)).toBeDefined();
  });

  it("is not there before the pipeline is stored", () => {
    serve();
    useCanvas.setState({ pipelineId: null });
    const { container } = draw(<NodeBadge nodeId="tune" />);
    expect(container.textContent).toBe("");
  });
});

describe("the run in the panel", () => {
  it("is the newest, until another one is chosen", async () => {
    serve();
    draw(<RunTab nodeId="tune" />);
    expect(await screen.findByRole("heading", { name: "Run 2" })).toBeDefined();
    useRunChoice.getState().choose("tune", JOB.id);
    expect(await screen.findByRole("heading", { name: "Run 1" })).toBeDefined();
    await userEvent.click(screen.getByRole("button", { name: "Show the newest run" }));
    expect(await screen.findByRole("heading", { name: "Run 2" })).toBeDefined();
  });

  it("says what to do where there is none", async () => {
    serve(({ path }) => (path.includes("?") ? { body: { items: [], next: null } } : undefined));
    draw(<RunTab nodeId="tune" />);
    expect(await screen.findByText(/This node has not been run yet/)).toBeDefined();
  });
});

describe("the list of runs", () => {
  it("compares two runs and says that their scores can be compared", async () => {
    serve();
    draw(<RunsTab nodeId="tune" />);
    for (const box of await screen.findAllByRole("checkbox")) await userEvent.click(box);
    await userEvent.click(screen.getByRole("button", { name: "Compare the two" }));
    const dialog = await screen.findByRole("dialog", { name: "Compare two runs" });
    expect(await within(dialog).findByText(/the scores can be compared/)).toBeDefined();
    expect(within(dialog).getByText("0.02217 (better)")).toBeDefined();
  });

  it("keeps a name and a note", async () => {
    const asked = serve(({ method }) =>
      method === "PATCH" ? { body: { ...HALVING, name: "Wider" } } : undefined,
    );
    draw(<RunsTab nodeId="tune" />);
    await userEvent.click(await screen.findByRole("button", { name: "Name and note… Run 2" }));
    await userEvent.type(screen.getByLabelText("Name"), "Wider");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    const patch = () => asked.find((each) => each.method === "PATCH");
    await waitFor(() => expect(patch()?.body).toEqual({ name: "Wider", note: null }));
  });
});

describe("the Run button", () => {
  const button = (runnable: boolean, blocking: string[] = []) =>
    draw(<RunButton nodeId="tune" runnable={runnable} blocking={blocking} estimate={ESTIMATE} />);

  it.each([
    [ESTIMATE, "Run: 150 fits, about 40 s"],
    [{ ...ESTIMATE, basis: "upper_bound", seconds: null }, "Run: up to 150 fits"],
    [
      { ...ESTIMATE, time_basis: "time_limit", seconds: { low: 0, likely: 600, high: 600 } },
      "Run: 150 fits, up to 10 min",
    ],
    [undefined, "Run"],
  ])("says what it costs (%#)", (estimate, text) => {
    expect(costText(estimate as Estimate | undefined)).toBe(text);
  });

  it("says what is missing instead of running", async () => {
    const asked = serve();
    button(false, ["Connect a dataset."]);
    const run = screen.getByRole("button", { name: /Run/ });
    expect(run.getAttribute("aria-disabled")).toBe("true");
    expect(document.getElementById(run.getAttribute("aria-describedby") ?? "")?.textContent).toContain(
      "Connect a dataset.",
    );
    await userEvent.click(run);
    expect(asked).toEqual([]);
  });

  it("names two of the things that are missing and counts the others", () => {
    button(false, ["First.", "Second.", "Second.", "Third.", "Fourth."]);
    screen.getByText("Before it can run: First. Second. 2 more are marked above.");
  });

  it("runs the stored pipeline on Ctrl+Enter and shows the run", async () => {
    const asked = serve(({ method, path }) =>
      method === "POST" && path === SUBMIT ? { status: 202, body: JOB } : undefined,
    );
    button(true);
    await userEvent.keyboard("{Control>}{Enter}{/Control}");
    await waitFor(() => expect(useRunChoice.getState().chosen.tune).toBe(JOB.id));
    const body = asked.find((each) => each.method === "POST")?.body;
    expect(body).toMatchObject({ pipeline_id: JOB.pipeline_id, node_id: "tune", base_revision: 3 });
    expect((body as { run_id: string }).run_id).toMatch(/^[0-9a-f]{32}$/);
  });

  it("offers the run that is in its way", async () => {
    const problem = { code: "already_running", detail: "Busy.", job_id: "other" };
    serve(({ method }) => (method === "POST" ? { status: 409, body: problem } : undefined));
    button(true);
    await userEvent.click(screen.getByRole("button", { name: /Run/ }));
    await userEvent.click(await screen.findByRole("button", { name: "Show it" }));
    expect(useRunChoice.getState().chosen.tune).toBe("other");
  });

  it("tells every finding of a refusal as a sentence", async () => {
    const findings = ["The range of 'C' is empty.", "There is no column 'x'."].map((message) => ({
      message,
      severity: "error",
    }));
    serve(({ method }) =>
      method === "POST" ? { status: 422, body: { code: "invalid", detail: "No.", findings } } : undefined,
    );
    button(true);
    await userEvent.click(screen.getByRole("button", { name: /Run/ }));
    expect(await screen.findByText("The range of 'C' is empty.")).toBeDefined();
    expect(screen.getByText("There is no column 'x'.")).toBeDefined();
  });

  it("asks with the same name after a lost answer, so that no second run begins", async () => {
    const names: string[] = [];
    serve();
    const answer = vi.fn(async (_url: string, init: RequestInit) => {
      names.push(JSON.parse(String(init.body)).run_id);
      if (names.length === 1) throw new TypeError("lost");
      return new Response(JSON.stringify(JOB), { status: 202 });
    });
    vi.stubGlobal("fetch", answer);
    button(true);
    await userEvent.click(screen.getByRole("button", { name: /Run/ }));
    expect(await screen.findByText(/The server does not answer/)).toBeDefined();
    await userEvent.click(screen.getByRole("button", { name: /Run/ }));
    await waitFor(() => expect(names.length).toBeGreaterThan(1));
    expect(names[1]).toBe(names[0]);
  });
});
