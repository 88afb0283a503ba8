import { describe, expect, it } from "vitest";
import type { Job } from "@/api/documents";
import { attachedModel, editedSince, originsOf } from "@/apply/values_origin";
import recorded from "@/run/fixtures/job.json";

function job(id: string, revision: number, values: Record<string, unknown>, more: object = {}): Job {
  const ops = Object.entries(values).map(([name, value]) => ({
    op: "set",
    node_id: "model",
    path: `/data/config/params/${name}`,
    value,
  }));
  const patch = { ops, provenance: { trial: revision } };
  const item = { patch_id: id, kind: "params", state: "applied", revision, patch, ...more };
  return { ...(recorded as unknown as Job), id, write_backs: [item] as Job["write_backs"] };
}

const data = { config: { params: { C: 2, tol: 0.1, gamma: "auto" } } };
const told = (jobs: Job[]) =>
  originsOf(jobs, "model", data).map((item) => [item.job.id, item.trial, item.names]);

describe("originsOf", () => {
  it("says which run the present values came from", () => {
    expect(told([job("one", 3, { C: 2, tol: 0.1 })])).toEqual([["one", 3, ["C", "tol"]]]);
  });

  it("lets the newest writing count, and says nothing of a value that was edited since", () => {
    const jobs = [job("new", 5, { C: 7 }), job("old", 3, { C: 2, tol: 0.1 })];
    expect(told(jobs)).toEqual([["old", 3, ["tol"]]]);
  });

  it("passes over what was taken back, and nodes that were left as they were", () => {
    expect(told([job("one", 3, { C: 2 }, { state: "reverted" })])).toEqual([]);
    expect(told([job("one", 3, { C: 2 }, { skipped_nodes: ["model"] })])).toEqual([]);
  });
});

describe("editedSince", () => {
  it.each([
    [{ C: 2, tol: 0.1 }, false],
    [{ C: 3, tol: 0.1 }, true],
  ])("tells whether what a run wrote still stands: %o", (values, isEdited) => {
    expect(editedSince([job("one", 3, values)], "one", "model", data)).toBe(isEdited);
  });

  it("knows nothing of other runs", () => {
    expect(editedSince([job("one", 3, { C: 3 })], "two", "model", data)).toBe(false);
  });
});

describe("attachedModel", () => {
  it("is found wherever the kind keeps it", () => {
    const artifact = { job_id: "j", sha256: "ab", score: 0.5 };
    expect(attachedModel({ config: {}, artifact })).toEqual({ jobId: "j", score: 0.5 });
    expect(attachedModel({ config: {}, result: { job_id: "j" } })).toBeNull();
  });
});
