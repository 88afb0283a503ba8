import fc from "fast-check";
import { expect, it } from "vitest";
import { isAtOrBelow, pathOf, pointerOf } from "@/panel/facts/pointers";

it("escapes what has a meaning in pointers", () => {
  expect(pointerOf(["a/b", "c~d", 0])).toBe("/a~1b/c~0d/0");
  expect(pointerOf([])).toBe("");
  expect(pathOf("")).toEqual([]);
});

it("finds the way back", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (path) => {
      expect(pathOf(pointerOf(path))).toEqual(path);
    }),
  );
});

it("takes no other name for a place below", () => {
  expect(isAtOrBelow("/search_space/1/low", "/search_space/1")).toBe(true);
  expect(isAtOrBelow("/search_space/10", "/search_space/1")).toBe(false);
});
