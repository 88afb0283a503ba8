import type { Scalar } from "@/panel/facts/json";
import { sameChoice } from "@/panel/space/choice_text";
import { type Literal, PasteRefusal, readLiteral } from "@/panel/space/literals";
import { formOf, type Parameter, type SpaceRow } from "@/panel/space/rows";

const MOST_VALUES = 1000;
const MOST_ROWS = 50;

/**
 * The rows that a pasted Python or JSON dict stands for: {"C": [0.1, 1, 10], "gamma": "scale"}.
 *
 * Names of a pipeline ("model__C") count from behind the last "__". Throws a PasteRefusal with a sentence and a line.
 */
export function rowsFromPasted(text: string, parameters: readonly Parameter[]): SpaceRow[] {
  if (text.trim() === "") throw new PasteRefusal('paste a dict such as {"C": [0.1, 1, 10]}.', 1);
  const value = readLiteral(text);
  if (value.type !== "dict") {
    throw new PasteRefusal(
      "this is no dict: a search space names its parameters, {name: [values]}.",
      value.line,
    );
  }
  if (value.entries.length === 0) throw new PasteRefusal("the dict is empty.", value.line);
  if (value.entries.length > MOST_ROWS)
    throw new PasteRefusal(`more than ${MOST_ROWS} parameters.`, value.line);
  const rows = value.entries.map(([key, item]) => {
    const name = key.split("__").at(-1) || key;
    return rowOf(name, item, parameters.find((parameter) => parameter.name === name) ?? null);
  });
  const twice = rows.findIndex((row, index) =>
    rows.some((other, at) => at < index && other.name === row.name),
  );
  if (twice >= 0)
    throw new PasteRefusal(`'${rows[twice].name}' is named twice.`, value.entries[twice][1].line);
  return rows;
}

function rowOf(name: string, value: Literal, parameter: Parameter | null): SpaceRow {
  if (value.type === "call" && Object.hasOwn(RANGES, value.name))
    return RANGES[value.name](name, numbersOf(value), value, parameter);
  if (value.type === "dict") return rangeRow(name, value, parameter);
  const items = itemsOf(value);
  if (items.length === 0) throw new PasteRefusal(`'${name}' has no values.`, value.line);
  if (items.length > MOST_VALUES)
    throw new PasteRefusal(`'${name}' has more than ${MOST_VALUES} values.`, value.line);
  const choices: Scalar[] = [];
  for (const item of items) {
    const choice = scalarOf(item, name);
    if (!choices.some((other) => sameChoice(other, choice))) choices.push(choice);
  }
  return { kind: "categorical", name, enabled: true, choices, ...numberType(items, parameter) };
}

function itemsOf(value: Literal): Literal[] {
  if (value.type === "list") return value.items;
  if (value.type !== "call") return [value];
  const list = Object.hasOwn(LISTS, value.name) ? LISTS[value.name] : undefined;
  if (!list) throw new PasteRefusal(`${value.name}(…) is not understood: write the values out.`, value.line);
  if (value.name === "array" || value.name === "tuple" || value.name === "list") {
    if (value.args.length !== 1) throw new PasteRefusal(`${value.name}(…) takes one list.`, value.line);
    return itemsOf(value.args[0]);
  }
  const made = list(numbersOf(value), value);
  const whole = value.name === "range" || value.name === "arange" ? made.every(Number.isInteger) : false;
  return made.map((number) => ({ type: "number", value: number, whole, line: value.line }));
}

function scalarOf(item: Literal, name: string): Scalar {
  if (item.type === "none") return null;
  if (item.type === "flag" || item.type === "number" || item.type === "text") return item.value;
  throw new PasteRefusal(`a value of '${name}' must be a text, a number, True, False or None.`, item.line);
}

type Call = Extract<Literal, { type: "call" }>;

function numbersOf(call: Call): number[] {
  return call.args.map((item) => {
    if (item.type === "number") return item.value;
    if (call.name === "array" || call.name === "tuple" || call.name === "list") return 0;
    throw new PasteRefusal(`${call.name}(…) takes numbers only.`, item.line);
  });
}

/** Calls that stand for a list of values, as Python and NumPy compute them. */
const LISTS: Record<string, (args: number[], call: Call) => number[]> = {
  range: stepped,
  arange: stepped,
  linspace: (args, call) => spaced(args, call, (value) => value),
  logspace: (args, call) => spaced(args, call, (value) => 10 ** value),
  geomspace: (args, call) =>
    spaced(
      args.map((value, at) => (at < 2 ? Math.log(value) : value)),
      call,
      Math.exp,
    ),
  array: () => [],
  tuple: () => [],
  list: () => [],
};

function stepped(args: number[], call: Call): number[] {
  const [start, stop, step] = args.length === 1 ? [0, args[0], 1] : [args[0], args[1], args[2] ?? 1];
  const count = Math.ceil((stop - start) / step);
  if (args.length < 1 || args.length > 3 || !(count >= 0))
    throw new PasteRefusal(`${call.name}(…) gives no list.`, call.line);
  if (count > MOST_VALUES)
    throw new PasteRefusal(`${call.name}(…) gives more than ${MOST_VALUES} values.`, call.line);
  return Array.from({ length: count }, (_item, index) => tidy(start + index * step));
}

function spaced(args: number[], call: Call, of: (value: number) => number): number[] {
  const [start, stop, count = 50] = args;
  const isCount = Number.isInteger(count) && count >= 1 && count <= MOST_VALUES;
  if (args.length < 2 || args.length > 3 || !isCount || ![start, stop].every(Number.isFinite)) {
    throw new PasteRefusal(
      `${call.name}(start, stop, number) gives at most ${MOST_VALUES} values.`,
      call.line,
    );
  }
  return Array.from({ length: count }, (_item, index) =>
    tidy(of(count === 1 ? start : start + ((stop - start) * index) / (count - 1))),
  );
}

function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

type RangeMaker = (name: string, args: number[], call: Call, parameter: Parameter | null) => SpaceRow;

/** SciPy's distributions that are ranges here. */
const RANGES: Record<string, RangeMaker> = {
  uniform: (name, [start = 0, width = 1], call, parameter) =>
    range(name, { low: start, high: start + width, log: false }, false, parameter, call.line),
  loguniform: (name, [low, high], call, parameter) =>
    range(name, { low, high, log: true }, false, parameter, call.line),
  randint: (name, [low, high], call, parameter) =>
    range(name, { low, high: high - 1, log: false }, true, parameter, call.line),
};

function rangeRow(
  name: string,
  value: Extract<Literal, { type: "dict" }>,
  parameter: Parameter | null,
): SpaceRow {
  const found = new Map(value.entries);
  const [low, high, log] = [found.get("low"), found.get("high"), found.get("log")];
  const stranger = value.entries.find(([key]) => !["low", "high", "log", "step", "kind"].includes(key));
  if (stranger)
    throw new PasteRefusal(
      `'${stranger[0]}' says nothing about a range: low, high, step and log do.`,
      value.line,
    );
  if (low?.type !== "number" || high?.type !== "number") {
    throw new PasteRefusal(`the range of '${name}' needs the numbers low and high.`, value.line);
  }
  const step = found.get("step");
  const ends = { low: low.value, high: high.value, log: log?.type === "flag" && log.value };
  const row = range(name, ends, low.whole && high.whole, parameter, value.line);
  return step?.type === "number" ? { ...row, step: step.value } : row;
}

function range(
  name: string,
  ends: { low: number; high: number; log: boolean },
  whole: boolean,
  parameter: Parameter | null,
  line: number,
): SpaceRow {
  if (!Number.isFinite(ends.low) || !Number.isFinite(ends.high)) {
    throw new PasteRefusal(`the range of '${name}' needs two numbers.`, line);
  }
  // A parameter of one kind of number takes whole ends as well: {"low": 1, "high": 10} of C.
  const kind = whole && (parameter === null || formOf(parameter, "int")) ? "int" : "float";
  const fits = parameter === null || formOf(parameter, kind) !== undefined;
  const other = kind === "int" ? "float" : "int";
  const chosen: "int" | "float" = fits || formOf(parameter, other) === undefined ? kind : other;
  const type: Pick<SpaceRow, "number_type"> = takesCountOrShare(parameter) ? { number_type: chosen } : {};
  return { kind: chosen, name, enabled: true, ...ends, ...type };
}

/** Counts and shares are told apart by how the numbers are written: 1 is a count, 1.0 a share. */
function numberType(items: Literal[], parameter: Parameter | null): Pick<SpaceRow, "number_type"> {
  const numbers = items.filter((item) => item.type === "number");
  if (!takesCountOrShare(parameter) || numbers.length === 0) return {};
  if (numbers.every((item) => item.whole)) return { number_type: "int" };
  return numbers.some((item) => item.whole) ? { number_type: null } : { number_type: "float" };
}

function takesCountOrShare(parameter: Parameter | null): boolean {
  const part = formOf(parameter, "categorical")?.schema.properties?.["number_type"];
  return (part?.enum?.length ?? 0) > 1;
}
