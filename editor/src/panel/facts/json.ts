/** A JSON value, as documents of the contract hold them. */
export type Json = string | number | boolean | null | Json[] | JsonObject;
/** A JSON object; an absent key is not there. */
export interface JsonObject {
  [key: string]: Json;
}
/** What a hyperparameter's value can be. */
export type Scalar = string | number | boolean | null;

/** Whether a value is an object with keys: no list, no null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The same value without keys that hold undefined: what goes over the wire and into the canvas. */
export function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Whether two JSON values are the same; the order of keys does not count. */
export function same(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) || Array.isArray(right)) {
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => same(item, right[index]))
    );
  }
  if (!isObject(left) || !isObject(right)) {
    return Object.is(left, right) || (left === 0 && right === 0);
  }
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => key in right && same(left[key], right[key]))
  );
}
