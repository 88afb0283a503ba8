import { describe, expect, it } from "vitest";
import type { Report } from "@/api/documents";
import recorded from "@/run/fixtures/report.json";
import { parallelLines, parallelOptions, sliceOptions } from "@/run/parameter_plots";

const report = recorded as unknown as Report;
const slices = report.slices.parameters;
const COLORS = { score: "s", best: "b", baseline: "l", partial: "p", bad: "x", text: "t", grid: "g" };

describe("parallelLines", () => {
  it("has a line for each candidate that may be compared, the best tenth last and marked", () => {
    const lines = parallelLines(slices, report.direction);
    expect(lines).toHaveLength(report.slices.total);
    expect(lines.at(-1)).toMatchObject({ trial: report.best?.trial, isGood: true });
    expect(lines.filter((line) => line.isGood)).toHaveLength(1);
  });

  it("leaves out what a logarithmic axis cannot hold", () => {
    const slice = { ...slices[0], log: true, points: [{ trial: 1, value: 0, score: 1 }] };
    expect(parallelLines([slice], "maximize")[0]?.values).toEqual([null]);
  });
});

describe("options", () => {
  it("have an axis for each parameter as it was searched, and one for the score", () => {
    const options = parallelOptions(slices, report.direction, report.metric, null)(COLORS);
    const axes = options.parallelAxis as { name: string; type: string; data?: string[] }[];
    expect(axes.map((axis) => [axis.name, axis.type])).toEqual([
      ["C", "log"],
      ["class_weight", "category"],
      ["log_loss", "value"],
    ]);
    expect(axes[1]?.data).toEqual(["none", "balanced"]);
  });

  it("mark the selected candidate", () => {
    const options = sliceOptions(slices[0], report.metric, 3)(COLORS);
    const data = (options.series as { data: { name: string; itemStyle: { color: string } }[] }).data;
    expect(data.filter((item) => item.itemStyle.color === "x").map((item) => item.name)).toEqual(["3"]);
  });
});
