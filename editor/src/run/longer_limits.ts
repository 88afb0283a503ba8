import type { Job } from "@/api/documents";
import { isDirty, useCanvas } from "@/graph/canvas_store";
import { isObject } from "@/graph/document";
import { notify } from "@/graph/notices";
import { savePipeline } from "@/graph/saving";
import { strings } from "@/strings";

type Config = Record<string, unknown>;

/** Limits that a run may raise when it goes on with another one. */
const RAISED = ["max_trials", "max_seconds"] as const;

/**
 * Gives a node the raised limits of the run that goes on with one of its runs: a result of other limits than the
 * node's would be called out of date at once.
 */
export function takeLimits(nodeId: string, ended: Job, started: Job): void {
  const canvas = useCanvas.getState();
  const node = canvas.nodes.find((item) => item.id === nodeId);
  if (node === undefined) return;
  const config = withLimits(node.data.config, budgetOf(ended), budgetOf(started));
  if (config === node.data.config) return;
  // Starting a run saves as well; edits that nobody saved yet are not ours to save.
  const isSaved = canvas.pipelineId !== null && !isDirty(canvas);
  canvas.setConfig(nodeId, config);
  if (isSaved) void savePipeline();
  notify(strings.run.resumeDialog.limitsTaken, "info");
}

/** The configuration with the limits that were raised; one that was edited since the first run stays. */
export function withLimits(config: Config, was: Config, raised: Config): Config {
  const present = isObject(config.budget) ? config.budget : {};
  const taken = RAISED.filter((name) => {
    const isAsItWas = present[name] === undefined || present[name] === was[name];
    return isAsItWas && raised[name] !== was[name];
  });
  if (taken.length === 0) return config;
  const limits = Object.fromEntries(taken.map((name) => [name, raised[name] ?? null]));
  return { ...config, budget: { ...present, ...limits } };
}

function budgetOf(job: Job): Config {
  return (job.config?.budget ?? {}) as Config;
}
