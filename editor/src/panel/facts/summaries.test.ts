import { describe, expect, it } from "vitest";
import descriptor from "@published/descriptor.json";
import type { Resolution } from "@/api/documents";
import type { JsonObject } from "@/panel/facts/json";
import type { Schema } from "@/panel/facts/schema";
import { sectioned } from "@/panel/facts/sections";
import { generalSummary, summaryOf } from "@/panel/facts/summaries";

const FRESH = descriptor.default_config as unknown as JsonObject;
const PARTS = descriptor.config_schema.properties as unknown as Record<string, Schema>;
const CLASSIFIED = {
  model: { problem_type: "classification" },
  metrics: {
    auto: { value: "log_loss", label: "Log loss", direction: "minimize", reason: "" },
    choices: [{ value: "accuracy", label: "Accuracy", direction: "maximize" }],
  },
} as unknown as Resolution;

function summary(name: string, part?: object, resolution: Resolution | null = CLASSIFIED): string {
  const config = part ? { ...FRESH, [name]: part as JsonObject } : FRESH;
  return summaryOf(name, PARTS[name] ?? {}, { config, resolution: resolution ?? undefined });
}

describe("summaryOf", () => {
  it("says the folds", () => {
    expect(summary("cross_validation")).toBe("5-fold, stratified, seed 42");
    expect(summary("cross_validation", undefined, null)).toBe("5-fold, stratified where possible, seed 42");
    const plainFolds = { kind: "k_fold", folds: 3, stratify: "off", shuffle: false, repeats: 2 };
    expect(summary("cross_validation", plainFolds)).toBe("3-fold, 2 times, in the order of the rows");
    expect(summary("cross_validation", { kind: "group_k_fold", folds: 4, column: "farm" })).toBe(
      "4-fold, by farm",
    );
    expect(summary("cross_validation", { kind: "holdout", test_size: 0.2 })).toBe("20% of the rows held out");
    expect(summary("cross_validation", { kind: "validation_port" })).toBe("rows at the validation port");
  });

  it("says the metric, and when lower is better", () => {
    expect(summary("objective")).toBe("Automatic: Log loss, lower is better");
    expect(summary("objective", { metric: "accuracy", additional_metrics: ["f1", "precision"] })).toBe(
      "Accuracy, 2 more reported",
    );
    expect(summary("objective", { metric: "auto" }, null)).toBe("Automatic");
  });

  it("has a line for every part that is folded", () => {
    const { rest } = sectioned(Object.keys(PARTS));
    expect(rest).toEqual([
      "fixed_params",
      "objective",
      "cross_validation",
      "execution",
      "selection",
      "write_back",
    ]);
    for (const name of rest) expect(summary(name)).not.toBe("");
    expect(summary("fixed_params")).toBe("none");
    expect(summary("fixed_params", [{ name: "max_depth", value: null }])).toBe("max_depth = none");
    expect(summary("execution")).toBe("seed 42, in parallel, goes on after failures");
  });

  it("says the first values of a part that nobody knows", () => {
    const schema: Schema = {
      properties: { a: { title: "Alpha" }, b: {}, c: {}, d: {}, e: { type: "object" } },
    };
    expect(generalSummary(schema, { e: {}, a: 0.5, b: true, c: null, d: "x" })).toBe(
      "Alpha: 0.5, b: yes, c: none",
    );
    expect(generalSummary(schema, undefined)).toBe("defaults");
  });
});

it("shows a property that nobody knows among the folded ones", () => {
  expect(sectioned(["later", "model"])).toEqual({
    open: [{ id: "model", names: ["model"] }],
    rest: ["later"],
  });
});
