import descriptor from "@published/descriptor.json";
import { describe, expect, it } from "vitest";
import type { Job } from "@/api/documents";
import { bestSettings, differingSettings, incomparable } from "@/run/compare_runs";
import halving from "@/run/fixtures/halving_job.json";
import recorded from "@/run/fixtures/job.json";

const one = recorded as unknown as Job;
const other = halving as unknown as Job;

describe("incomparable", () => {
  it("lets runs of the same metric, data and folds be compared, whatever their strategy", () => {
    expect(incomparable(one, other)).toEqual([]);
  });

  it("says everything that stands in the way", () => {
    const changed: Job = {
      ...other,
      metric: "accuracy",
      fingerprints: { ...other.fingerprints, data: "sha256:other" },
      config: { ...other.config, cross_validation: { kind: "holdout", test_size: 0.2 } },
    };
    expect(incomparable(one, changed)).toEqual(["metric", "data", "validation"]);
    expect(incomparable(one, { ...one, seed: 7 })).toEqual(["validation"]);
  });
});

describe("differingSettings", () => {
  it("are none of the same run", () => {
    expect(differingSettings(one, one)).toEqual([]);
  });

  it("name the strategy, and rows by their parameter", () => {
    const found = differingSettings(one, other, descriptor.config_schema);
    const lines = new Map(found.map((line) => [line.name, line.values]));
    expect(lines.get("Search strategy")).toEqual(["Random search", "Successive halving (grid)"]);
    expect(lines.get("Search space, C, Kind")).toEqual(["Real numbers", "Choices"]);
    expect(lines.get("Search space, class_weight, Kind")).toEqual(["Choices", null]);
  });
});

describe("bestSettings", () => {
  it("stand side by side, also where one run did not search a parameter", () => {
    expect(bestSettings(one, other).find((line) => line.name === "class_weight")?.values).toEqual([
      "none",
      null,
    ]);
  });

  it("are not those that neither run decided: the settings before a run are whole, a candidate's are not", () => {
    const before = { ...one, best: { ...one.best, params: { ...one.best?.params, tol: 1e-4 } } } as Job;
    const names = (job: Job) => bestSettings(job, other).map((line) => line.name);
    expect(names(before)).toEqual(names(one));
    expect(names(one)).toContain("C");
  });
});
