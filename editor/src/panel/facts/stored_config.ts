import { isObject, same, type Json, type JsonObject } from "@/panel/facts/json";

type Defaults = Record<string, unknown>;
const TAGS = ["name", "kind"] as const;

/** Fills a tuning configuration up with the defaults of its strategy: what an absent part stands for. */
export function completed(
  config: JsonObject,
  byStrategy: Defaults | null | undefined,
  fallback: Defaults,
): JsonObject {
  const defaults = (strategyOf(config, byStrategy) ?? fallback) as JsonObject;
  const whole: JsonObject = { ...config };
  for (const [name, value] of Object.entries(defaults)) {
    whole[name] = name in config ? filled(config[name], value) : value;
  }
  return whole;
}

function strategyOf(config: JsonObject, byStrategy: Defaults | null | undefined): unknown {
  const strategy = config["strategy"];
  return isObject(strategy) && typeof strategy["name"] === "string"
    ? byStrategy?.[strategy["name"]]
    : undefined;
}

function filled(value: Json | undefined, standard: Json): Json {
  if (value === undefined) return standard;
  if (!isObject(value) || !isObject(standard)) return value;
  const isOfOtherBranch = TAGS.some((tag) => tag in standard && value[tag] !== standard[tag]);
  return isOfOtherBranch ? value : { ...standard, ...value };
}

/**
 * After another strategy was chosen: values that are still those the old strategy starts with become those of the new one
 * (a grid has no limit of 30 candidates); what the person has set stays.
 */
export function followedStrategy(
  before: JsonObject,
  after: JsonObject,
  byStrategy: Defaults | null | undefined,
): JsonObject {
  const [old, next] = [strategyOf(before, byStrategy), strategyOf(after, byStrategy)];
  if (!isObject(old) || !isObject(next) || old === next) return after;
  const result: JsonObject = { ...after };
  for (const [name, value] of Object.entries(after)) {
    if (name !== "strategy") result[name] = followed(value, old[name], next[name]);
  }
  return result;
}

function followed(value: Json, old: Json | undefined, next: Json | undefined): Json {
  if (old === undefined || next === undefined || same(old, next)) return value;
  if (same(value, old)) return next;
  if (!isObject(value) || !isObject(old) || !isObject(next)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, followed(item, old[key], next[key])]),
  );
}

/**
 * What to keep of a form that has filled in all its defaults: a value that was absent before and still is the default
 * stays absent, so that a node says only what somebody has said.
 */
export function withoutFilledIn(
  before: JsonObject | undefined,
  after: JsonObject,
  defaults: unknown,
): JsonObject {
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(after)) {
    const standard = isObject(defaults) ? defaults[key] : undefined;
    const old = before?.[key];
    if (isObject(value)) {
      const below = withoutFilledIn(isObject(old) ? old : undefined, value, standard);
      if (old !== undefined || Object.keys(below).length > 0) kept[key] = below;
    } else if (old !== undefined || !same(value, standard)) {
      kept[key] = value;
    }
  }
  return kept;
}
