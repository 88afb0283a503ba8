import { describe, expect, it } from "vitest";
import { remedied, remediesOf } from "@/panel/facts/remedies";

describe("remedied", () => {
  const answered = {
    budget: { max_trials: 90, max_seconds: 600 },
    search_space: [{ kind: "int", name: "a" }],
  };

  it("applies the patch to what was answered", () => {
    const patch = [{ op: "replace", path: "/budget/max_trials", value: 30 }];
    expect(remedied({}, answered, patch)).toEqual({ budget: { max_trials: 30, max_seconds: 600 } });
  });

  it("writes down nothing that it does not touch", () => {
    const patch = [{ op: "replace", path: "/budget/max_trials", value: 30 }];
    expect(remedied({ search_space: [] }, answered, patch)?.["search_space"]).toEqual([]);
  });

  it("removes rows", () => {
    const saved = { search_space: [{ name: "a" }, { name: "b" }] };
    expect(remedied(saved, saved, [{ op: "remove", path: "/search_space/0" }])).toEqual({
      search_space: [{ name: "b" }],
    });
    expect(remedied(saved, saved, [{ op: "remove", path: "/search_space" }])).toEqual({});
  });

  it("says so when the patch does not fit any more", () => {
    expect(remedied({}, answered, [{ op: "remove", path: "/search_space/7" }])).toBeNull();
    expect(remedied({}, null, [{ op: "replace", path: "/gone/by", value: 1 }])).toBeNull();
  });

  it("leaves what it was given as it is", () => {
    const before = JSON.stringify(answered);
    remedied({}, answered, [{ op: "replace", path: "/budget/max_trials", value: 1 }]);
    expect(JSON.stringify(answered)).toBe(before);
  });
});

it("has the first remedy first", () => {
  const [fix, other] = [{ title: "One" }, { title: "Two" }];
  expect(remediesOf({ fix, alternatives: [other] })).toEqual([fix, other]);
  expect(remediesOf({ fix: null })).toEqual([]);
});
