import { describe, expect, it } from "vitest";
import { modelName, publishedSetting, strategyName } from "@/run/published_names";
import descriptor from "@published/descriptor.json";
import { KINDS } from "@/test_kinds";

describe("what a job names", () => {
  it("is called as the forms call it", () => {
    expect(strategyName(KINDS, "halving")).toBe("Successive halving (grid)");
    expect(modelName(KINDS, "random_forest_regressor")).toBe("Random forest (regressor)");
  });

  it("is told by its name in the contract where it is not published any more", () => {
    expect(strategyName(KINDS, "simulated_annealing")).toBe("simulated annealing");
    expect(modelName(KINDS, "their_model")).toBe("their model");
    expect(modelName(undefined, "svc")).toBe("svc");
  });
});

describe("a setting by its path", () => {
  const setting = (...path: string[]) => publishedSetting(descriptor.config_schema, path);

  it.each([
    [["budget", "max_trials"], "Budget, Candidates"],
    [["strategy", "name"], "Search strategy"],
    [["strategy", "racing"], "Search strategy, Race over folds"],
    [["search_space", "C", "low"], "Search space, C, Low"],
    [["search_space", "C", "kind"], "Search space, C, Kind"],
    [["gone_since", "some_field"], "gone since, some field"],
  ])("%s is called %s", (path, name) => expect(setting(...path).name).toBe(name));

  it("tells shapes by their titles and leaves other values alone", () => {
    expect(setting("strategy", "name").valueName("grid")).toBe("Grid search");
    expect(setting("search_space", "C", "kind").valueName("float")).toBe("Real numbers");
    expect(setting("strategy", "name").valueName("gone_since")).toBeUndefined();
    expect(setting("budget", "max_trials").valueName(3)).toBeUndefined();
  });
});
