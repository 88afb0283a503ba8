import type { Resolution } from "@/api/documents";
import { durationText, numberText } from "@/graph/number_text";
import { isObject, type Json, type JsonObject, type Scalar } from "@/panel/facts/json";
import { exactText } from "@/panel/facts/numbers";
import { branchOf, type Schema } from "@/panel/facts/schema";
import { strings } from "@/strings";

const text = strings.panel.summary;
const SHOWN_VALUES = 3;

interface Facts {
  config: JsonObject;
  resolution: Resolution | undefined;
}

type Summary = (value: JsonObject, facts: Facts) => string[];

const CROSS_VALIDATION: Record<string, Summary> = {
  k_fold: (value, { config, resolution }) => [
    text.folds(Number(value["folds"] ?? 5)),
    text.stratified(String(value["stratify"] ?? "auto"), resolution?.model?.problem_type),
    Number(value["repeats"] ?? 1) > 1 ? text.repeats(Number(value["repeats"])) : "",
    value["shuffle"] === false ? text.inOrder : text.seed(seedOf(config)),
  ],
  group_k_fold: (value) => [text.folds(Number(value["folds"] ?? 5)), text.byGroup(value["column"])],
  time_series: (value) => [text.folds(Number(value["folds"] ?? 5)), text.inTime(value["column"])],
  holdout: (value) => [text.holdout(Number(value["test_size"] ?? 0.25))],
  validation_port: () => [text.validationPort],
};

const SUMMARIES: Record<string, Summary> = {
  objective: (value, { resolution }) => [
    metricText(value["metric"], resolution),
    countText(value["additional_metrics"], text.more),
  ],
  cross_validation: (value, facts) => CROSS_VALIDATION[String(value["kind"])]?.(value, facts) ?? [],
  execution: (value) => [
    text.seed(seedOf({ execution: value })),
    typeof value["n_jobs"] === "number" ? text.parallel(value["n_jobs"]) : text.parallelFree,
    value["on_trial_error"] === "fail" ? text.failFirst : text.goOn,
  ],
  selection: (value) => [value["refit_on"] === "train_and_validation" ? text.refitBoth : text.refitTrain],
  write_back: (value) => [
    text.writeBack(String(value["mode"])),
    value["attach_model"] === false ? text.noModel : "",
  ],
  budget: (value) => [
    typeof value["max_trials"] === "number" ? text.candidates(value["max_trials"]) : "",
    typeof value["max_seconds"] === "number" ? text.atMost(durationText(value["max_seconds"])) : "",
  ],
};

/** One line that says what a folded part of the form holds: "5-fold, stratified, seed 42". */
export function summaryOf(name: string, schema: Schema, facts: Facts): string {
  const value = facts.config[name];
  if (Array.isArray(value)) return value.length === 0 ? text.none : value.map(itemText).join(", ");
  const own = isObject(value) ? SUMMARIES[name]?.(value, facts).filter((part) => part !== "") : undefined;
  return own && own.length > 0 ? own.join(", ") : generalSummary(schema, value);
}

/** One line for a part that nobody here knows: its first few values by their titles. */
export function generalSummary(schema: Schema, value: Json | undefined): string {
  const open = schema.oneOf ? branchOf(schema, value) : schema;
  if (!isObject(value)) return value === undefined ? text.defaults : scalarText(value as Scalar);
  const parts = Object.entries(open?.properties ?? {})
    .filter(
      ([name, part]) =>
        part.const === undefined && name in value && !isObject(value[name]) && !Array.isArray(value[name]),
    )
    .map(([name, part]) => `${part.title ?? name}: ${scalarText(value[name] as Scalar)}`);
  const shown = parts.slice(0, SHOWN_VALUES).join(", ");
  return [schema.oneOf ? open?.title : undefined, shown].filter(Boolean).join(", ") || text.defaults;
}

/** A value in words: yes, no, none, a short number. */
export function scalarText(value: Scalar): string {
  if (value === null) return text.none;
  if (typeof value === "boolean") return value ? text.yes : text.no;
  return typeof value === "number" ? numberText(value) : value;
}

function itemText(item: Json): string {
  if (!isObject(item)) return String(item);
  const value = item["value"];
  return value === undefined
    ? String(item["name"])
    : `${String(item["name"])} = ${scalarText(value as Scalar)}`;
}

function seedOf(config: JsonObject): string {
  const execution = config["execution"];
  const seed = isObject(execution) ? execution["seed"] : undefined;
  return typeof seed === "number" ? exactText(seed) : "42";
}

function metricText(metric: Json | undefined, resolution: Resolution | undefined): string {
  const { auto, choices } = resolution?.metrics ?? { auto: null, choices: [] };
  const isAuto = metric === undefined || metric === "auto";
  const meant = isAuto ? auto : choices.find((choice) => choice.value === metric);
  if (!meant) return isAuto ? text.automatic : String(metric);
  const label = isAuto ? `${text.automatic}: ${meant.label}` : meant.label;
  return meant.direction === "minimize" ? `${label}, ${text.lowerIsBetter}` : label;
}

function countText(list: Json | undefined, of: (count: number) => string): string {
  return Array.isArray(list) && list.length > 0 ? of(list.length) : "";
}
