import type { EChartsCoreOption } from "echarts/core";
import type { Report } from "@/api/documents";
import { numberText, valueText } from "@/graph/number_text";
import type { PlotColors } from "@/run/history_plot";
import { isBetter } from "@/run/history_series";

type Slice = Report["slices"]["parameters"][number];

/** One candidate as a line across all parameters; the last value is its score. */
export interface ParallelLine {
  trial: number;
  values: (number | null)[];
  score: number;
  /** Among the best tenth. */
  isGood: boolean;
}

/** The candidates of the slices as lines: all of them were scored on one share of the rows. */
export function parallelLines(slices: readonly Slice[], direction: string): ParallelLine[] {
  const found = new Map<number, ParallelLine>();
  slices.forEach((slice, index) => {
    for (const point of slice.points) {
      const line = found.get(point.trial) ?? {
        trial: point.trial,
        values: slices.map(() => null),
        score: point.score,
        isGood: false,
      };
      line.values[index] = isDrawable(slice, point.value) ? point.value : null;
      found.set(point.trial, line);
    }
  });
  const lines = [...found.values()].sort((one, other) =>
    isBetter(one.score, other.score, direction) ? -1 : 1,
  );
  const good = Math.ceil(lines.length / 10);
  return lines.map((line, index) => ({ ...line, isGood: index < good })).reverse();
}

/** A logarithmic axis has no place for 0 and below. */
function isDrawable(slice: Slice, value: number): boolean {
  return !(slice.log && value <= 0);
}

/** Options of the parallel coordinates. */
export function parallelOptions(
  slices: readonly Slice[],
  direction: string,
  metric: string,
  selected: number | null,
): (colors: PlotColors) => EChartsCoreOption {
  const lines = parallelLines(slices, direction);
  return (colors) => ({
    parallel: { left: 40, right: 60, top: 36, bottom: 24, axisExpandable: slices.length > 8 },
    parallelAxis: [
      ...slices.map((slice, dim) => ({
        dim,
        name: slice.parameter,
        ...axisOf(slice),
        // There is no room left of the first axis: its name begins there.
        ...inked(colors, dim === 0 ? "left" : "center"),
      })),
      { dim: slices.length, name: metric, type: "value", scale: true, ...inked(colors) },
    ],
    tooltip: { ...tooltipOf(colors), formatter: (item: { name: string }) => `#${item.name}` },
    series: {
      type: "parallel",
      smooth: false,
      progressive: 500,
      data: lines.map((line) => ({
        name: String(line.trial),
        value: [...line.values.map((value) => value ?? "-"), line.score],
        lineStyle: lineStyle(line, line.trial === selected, lines.length, colors),
      })),
    },
  });
}

/** Of many lines each is fainter, so that where they run together still shows. */
function lineStyle(line: ParallelLine, isSelected: boolean, count: number, colors: PlotColors) {
  const faint = Math.min(1, 100 / count);
  if (isSelected) return { color: colors.bad, width: 3, opacity: 1 };
  return line.isGood
    ? { color: colors.score, width: 1 + 1.5 * faint, opacity: 0.25 + 0.65 * faint }
    : { color: colors.baseline, width: 1, opacity: 0.05 + 0.25 * faint };
}

/** Options of one parameter against the score. */
export function sliceOptions(
  slice: Slice,
  metric: string,
  selected: number | null,
): (colors: PlotColors) => EChartsCoreOption {
  const points = slice.points.filter((point) => isDrawable(slice, point.value));
  return (colors) => ({
    grid: { left: 52, right: 12, top: 10, bottom: 34 },
    xAxis: { ...axisOf(slice), ...inked(colors), splitLine: { show: false } },
    yAxis: { type: "value", scale: true, ...inked(colors), splitLine: { lineStyle: { color: colors.grid } } },
    tooltip: {
      ...tooltipOf(colors),
      formatter: (item: { name: string; value: [number, number] }) =>
        `#${item.name}: ${slice.parameter} ${placeText(slice, item.value[0])}, ${metric} ${numberText(item.value[1])}`,
    },
    series: {
      type: "scatter",
      symbolSize: 7,
      data: points.map((point) => ({
        name: String(point.trial),
        value: [point.value, point.score],
        itemStyle: { color: point.trial === selected ? colors.bad : colors.score, opacity: 0.7 },
      })),
    },
  });
}

function placeText(slice: Slice, value: number): string {
  return slice.choices === null ? numberText(value) : valueText(slice.choices[value]);
}

function axisOf(slice: Slice) {
  if (slice.choices !== null) return { type: "category", data: slice.choices.map(valueText) };
  const values = slice.points.map((point) => point.value).filter((value) => isDrawable(slice, value));
  const low = Math.min(slice.low ?? Infinity, ...values);
  const high = Math.max(slice.high ?? -Infinity, ...values);
  return {
    type: slice.log ? "log" : "value",
    min: low,
    max: high,
    minInterval: slice.kind === "int" ? 1 : 0,
  };
}

function inked(colors: PlotColors, align: "left" | "center" = "center") {
  return {
    nameTextStyle: { color: colors.text, align },
    axisLabel: { color: colors.text, formatter: axisText, hideOverlap: true },
    axisLine: { lineStyle: { color: colors.baseline } },
  };
}

function axisText(value: number | string): string {
  return typeof value === "number" ? numberText(value) : value;
}

function tooltipOf(colors: PlotColors) {
  return { confine: true, textStyle: { fontSize: 12 }, borderColor: colors.grid, renderMode: "richText" };
}
