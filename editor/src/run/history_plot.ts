import uPlot from "uplot";
import type { TrialFold } from "@/api/trial_queries";
import { numberText } from "@/graph/number_text";
import type { History } from "@/run/history_series";
import { strings } from "@/strings";

const words = strings.run.history;

/** Colours of the plot, taken from the theme where it stands. */
export interface PlotColors {
  score: string;
  best: string;
  baseline: string;
  partial: string;
  bad: string;
  text: string;
  grid: string;
}

/** What is drawn besides the series; read anew at each drawing. */
export interface PlotFacts {
  history: History;
  range: [number, number];
  baseline: number | null;
  selected: number | null;
  folds: TrialFold[];
  metric: string;
}

/** The colours as the theme has them now, for a canvas that knows no CSS variables. */
export function plotColors(element: Element): PlotColors {
  const style = getComputedStyle(element);
  const of = (name: string, otherwise: string) =>
    style.getPropertyValue(`--mui-palette-${name}`).trim() || otherwise;
  return {
    score: of("primary-main", "#1d5fd1"),
    best: of("success-main", "#1a7f37"),
    baseline: of("text-secondary", "#566176"),
    partial: of("warning-main", "#8a5a00"),
    bad: of("error-main", "#c62828"),
    text: of("text-primary", "#1b2330"),
    grid: of("divider", "#dde2ea"),
  };
}

/** Aligned data of the plot: numbers, scores, best so far. */
export function plotData({ numbers, scores, best }: History): uPlot.AlignedData {
  return [numbers, scores, best];
}

/** What a person points at or clicks on. */
export interface PlotEvents {
  /** Where in the series the pointer is; null when it left. */
  point: (index: number | null) => void;
  select: (trial: number) => void;
}

/** Options of the plot; *facts* and *events* are asked while it lives, so that it need not be made anew. */
export function plotOptions(
  size: { width: number; height: number },
  colors: PlotColors,
  facts: () => PlotFacts,
  events: () => PlotEvents,
): uPlot.Options {
  const listen = (plot: uPlot) =>
    plot.over.addEventListener("click", () => {
      const number = plot.data[0][plot.cursor.idx ?? -1];
      if (number !== undefined) events().select(number);
    });
  const count = facts().history.numbers.length;
  return {
    ...size,
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 9 } },
    scales: {
      x: { time: false, range: (_plot, least, most) => [least - 0.5, most + 0.5] },
      y: { range: () => facts().range },
    },
    axes: axesOf(colors),
    series: [
      {},
      {
        stroke: colors.score,
        paths: () => null,
        points: { show: true, size: pointSize(count), fill: colors.score },
      },
      { stroke: colors.best, width: 2, paths: uPlot.paths.stepped?.({ align: 1 }), points: { show: false } },
    ],
    hooks: {
      draw: [(plot) => drawMore(plot, colors, facts())],
      ready: [listen],
      setCursor: [(plot) => events().point(plot.cursor.idx ?? null)],
    },
  };
}

/** Of thousands of candidates each is a small dot, or they hide each other. */
function pointSize(count: number): number {
  return count > 1_000 ? 3 : count > 200 ? 5 : 7;
}

const WHOLE_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000];

function axesOf(colors: PlotColors): uPlot.Axis[] {
  const axis = {
    stroke: colors.text,
    grid: { stroke: colors.grid, width: 1 },
    ticks: { stroke: colors.grid },
  };
  return [
    { ...axis, label: words.axis, labelSize: 22, size: 34, incrs: WHOLE_STEPS },
    { ...axis, size: 62, values: (_plot, splits) => splits.map(numberText) },
  ];
}

function drawMore(plot: uPlot, colors: PlotColors, facts: PlotFacts): void {
  const { ctx } = plot;
  const pixels = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height);
  ctx.clip();
  const x = (value: number) => plot.valToPos(value, "x", true);
  const y = (value: number) => plot.valToPos(value, "y", true);
  if (facts.baseline !== null) {
    line(
      ctx,
      colors.baseline,
      [plot.bbox.left, y(facts.baseline), plot.bbox.left + plot.bbox.width, y(facts.baseline)],
      [6, 4],
    );
  }
  ctx.lineWidth = 1.5 * pixels;
  ctx.strokeStyle = colors.partial;
  for (const item of facts.history.partial) diamond(ctx, x(item.trial), y(item.score), 4 * pixels);
  ctx.strokeStyle = colors.bad;
  const bottom = plot.bbox.top + plot.bbox.height - 6 * pixels;
  for (const number of facts.history.failed) cross(ctx, x(number), bottom, 4 * pixels);
  ctx.strokeStyle = colors.partial;
  for (const number of facts.history.pruned) dash(ctx, x(number), bottom, 4 * pixels);
  drawSelected(plot, colors, facts, { x, y });
  ctx.restore();
}

interface Scale {
  x: (value: number) => number;
  y: (value: number) => number;
}

function drawSelected(plot: uPlot, colors: PlotColors, facts: PlotFacts, { x, y }: Scale): void {
  if (facts.selected === null) return;
  const { ctx } = plot;
  const place = x(facts.selected);
  line(ctx, colors.text, [place, plot.bbox.top, place, plot.bbox.top + plot.bbox.height], [2, 3]);
  ctx.strokeStyle = colors.text;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  for (const fold of facts.folds) {
    const score = fold.scores[facts.metric];
    if (score === null || score === undefined) continue;
    ctx.beginPath();
    ctx.arc(place, y(score), 3.5 * devicePixelRatio, 0, 2 * Math.PI);
    ctx.stroke();
  }
}

type Pen = CanvasRenderingContext2D;

function line(
  ctx: Pen,
  color: string,
  [x0, y0, x1, y1]: [number, number, number, number],
  dashes: number[],
): void {
  ctx.strokeStyle = color;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash(dashes.map((length) => length * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
  ctx.setLineDash([]);
}

function diamond(ctx: Pen, x: number, y: number, size: number): void {
  ctx.beginPath();
  ctx.moveTo(x, y - size);
  ctx.lineTo(x + size, y);
  ctx.lineTo(x, y + size);
  ctx.lineTo(x - size, y);
  ctx.closePath();
  ctx.stroke();
}

function cross(ctx: Pen, x: number, y: number, size: number): void {
  ctx.beginPath();
  ctx.moveTo(x - size, y - size);
  ctx.lineTo(x + size, y + size);
  ctx.moveTo(x + size, y - size);
  ctx.lineTo(x - size, y + size);
  ctx.stroke();
}

function dash(ctx: Pen, x: number, y: number, size: number): void {
  ctx.beginPath();
  ctx.moveTo(x - size, y);
  ctx.lineTo(x + size, y);
  ctx.stroke();
}
