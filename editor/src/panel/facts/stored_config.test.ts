import { describe, expect, it } from "vitest";
import descriptor from "@published/descriptor.json";
import type { JsonObject } from "@/panel/facts/json";
import { completed, followedStrategy, withoutFilledIn } from "@/panel/facts/stored_config";

const DEFAULTS = descriptor.strategy_defaults;
const FRESH = descriptor.default_config as unknown as JsonObject;
const whole = (config: JsonObject) => completed(config, DEFAULTS, FRESH);

describe("completed", () => {
  it("makes an empty configuration that of a fresh node", () => expect(whole({})).toEqual(FRESH));

  it("takes the defaults of the chosen strategy: a grid has no limit of its own", () => {
    expect(whole({ strategy: { name: "grid" } })["budget"]).toMatchObject({ max_trials: null });
    expect(whole({})["budget"]).toMatchObject({ max_trials: 30 });
  });

  it("fills up parts, and leaves another branch as it is", () => {
    expect(whole({ budget: { max_trials: 5 } })["budget"]).toMatchObject({ max_trials: 5, max_seconds: 600 });
    const holdout = { kind: "holdout", test_size: 0.5 };
    expect(whole({ cross_validation: holdout })["cross_validation"]).toEqual(holdout);
  });

  it("keeps what it does not know, and empty values", () => {
    expect(whole({ later: 1, target: null, budget: { max_seconds: null } })).toMatchObject({
      later: 1,
      target: null,
      budget: { max_seconds: null, max_trials: 30 },
    });
  });

  it("falls back where the strategy is not known here", () => {
    expect(whole({ strategy: { name: "gone" } })).toMatchObject({
      strategy: { name: "gone" },
      problem_type: "auto",
    });
  });
});

describe("followedStrategy", () => {
  const to = (name: string, before: JsonObject) =>
    followedStrategy(before, { ...before, strategy: { name } }, DEFAULTS);

  it("takes the new strategy's own limit where nobody has set one", () => {
    expect(to("grid", FRESH)["budget"]).toMatchObject({ max_trials: null, max_seconds: 600 });
    const grid = whole({ strategy: { name: "grid" } });
    expect(to("random", grid)["budget"]).toMatchObject({ max_trials: 30 });
  });

  it("keeps what somebody has set", () => {
    const set = whole({
      budget: { max_trials: 12 },
      search_space: [{ kind: "int", name: "a", low: 1, high: 2 }],
    });
    expect(to("grid", set)).toMatchObject({ budget: { max_trials: 12 }, search_space: set["search_space"] });
  });

  it("changes nothing while the strategy stays", () => {
    const after = { ...FRESH, target: "species" };
    expect(followedStrategy(FRESH, after, DEFAULTS)).toBe(after);
  });
});

describe("withoutFilledIn", () => {
  const defaults = { params: { C: 1, penalty: "l2" }, model: "svc", list: [] };

  it("keeps what differs from the default, and what was there", () => {
    const after = { model: "svc", params: { C: 5, penalty: "l2" }, list: [] };
    expect(withoutFilledIn({ model: "svc", params: {} }, after, defaults)).toEqual({
      model: "svc",
      params: { C: 5 },
    });
  });

  it("keeps a value that was written down, though it is the default", () => {
    const before = { params: { penalty: "l1" } };
    expect(withoutFilledIn(before, { params: { penalty: "l2" } }, defaults)).toEqual({
      params: { penalty: "l2" },
    });
  });

  it("adds no empty objects, and keeps those that were there", () => {
    expect(withoutFilledIn({}, { params: { C: 1 } }, defaults)).toEqual({});
    expect(withoutFilledIn({ params: {} }, { params: { C: 1 } }, defaults)).toEqual({ params: {} });
  });
});
