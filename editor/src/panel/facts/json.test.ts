import fc from "fast-check";
import { expect, it } from "vitest";
import { plain, same } from "@/panel/facts/json";

it("compares by value, whatever the order of keys", () => {
  expect(same({ a: 1, b: [1, null] }, { b: [1, null], a: 1 })).toBe(true);
  expect(same([1, 2], [2, 1])).toBe(false);
  expect(same({ a: 1 }, { a: 1, b: 2 })).toBe(false);
  expect(same({ a: undefined }, { b: undefined })).toBe(false);
  expect(same([1], { 0: 1 })).toBe(false);
});

it("tells values of different types apart", () => {
  const values = [1, "1", true, null, 0, false, ""];
  for (const one of values) for (const other of values) expect(same(one, other)).toBe(Object.is(one, other));
});

it("finds a copy the same", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => same(value, plain(value))));
});

it("drops keys that are undefined", () => {
  expect(Object.keys(plain({ a: undefined, b: 1 }))).toEqual(["b"]);
});
