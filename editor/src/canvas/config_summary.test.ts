import { describe, expect, it } from "vitest";
import { configSummary, shortValue } from "@/canvas/config_summary";
import { KINDS } from "@/test_kinds";

const summary = (type: string, config: Record<string, unknown>) =>
  configSummary(
    config,
    KINDS.find((kind) => kind.type === type),
  );

describe("configSummary", () => {
  it("names the data and what is predicted", () => {
    expect(summary("dataset", { source: "file", path: "examples/penguins.csv", target: "species" })).toBe(
      "penguins.csv · Target column: species",
    );
    expect(summary("dataset", { source: "sample", name: "iris", target: null })).toBe("iris");
  });

  it("names the model and the parameters that are not the usual ones", () => {
    expect(summary("model", { model: "logistic_regression", params: { C: 0.5, fit_intercept: true } })).toBe(
      "Logistic regression · C: 0.5",
    );
  });

  it("says what the defaults are where nothing was changed", () => {
    expect(summary("scale", { method: "standard", columns: [] })).toBe("Method: Mean and deviation");
    expect(summary("split", {})).toBe("Test share: 0.2 · Stratify: Auto");
    expect(summary("impute", {})).toBe("Numbers: Median · Texts and categories: Most frequent value");
    expect(summary("hyperparameter_tuning", {})).toBe("Default settings");
    const fresh = KINDS.find((kind) => kind.type === "hyperparameter_tuning")?.default_config ?? {};
    expect(summary("hyperparameter_tuning", fresh)).toBe("Random search");
  });

  it("says what was chosen of a search", () => {
    expect(
      summary("hyperparameter_tuning", {
        strategy: { name: "optuna" },
        budget: { max_trials: 80, max_seconds: 600 },
      }),
    ).toBe("Optuna · Candidates: 80");
  });

  it("keeps to what it knows", () => {
    expect(configSummary({ a: 1 }, undefined)).toBe("");
    expect(summary("model", { model: "of_another_package" })).toBe("Default settings");
  });
});

describe("shortValue", () => {
  it("writes numbers as people do", () => {
    expect([1e-4, 0.12345678, 3, 2500000.5, null, true].map(shortValue)).toEqual([
      "1e-4",
      "0.1235",
      "3",
      "2.5e6",
      "none",
      "yes",
    ]);
  });
});
