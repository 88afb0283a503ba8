import { beforeEach, describe, expect, it } from "vitest";
import type { Job } from "@/api/documents";
import type { CanvasNode } from "@/graph/document";
import { useCanvas } from "@/graph/canvas_store";
import { takeLimits, withLimits } from "@/run/longer_limits";

const CONFIG = {
  strategy: { name: "random" },
  budget: { max_trials: 30, max_seconds: 600, target_score: 0.9 },
};
const WAS = { max_trials: 30, max_seconds: 600 };

describe("withLimits", () => {
  it("takes raised limits and leaves the rest of the configuration", () => {
    expect(withLimits(CONFIG, WAS, { max_trials: 60, max_seconds: 600 })).toEqual({
      strategy: { name: "random" },
      budget: { max_trials: 60, max_seconds: 600, target_score: 0.9 },
    });
  });

  it("takes a limit away where the longer run has none", () => {
    expect(withLimits(CONFIG, WAS, { ...WAS, max_seconds: null }).budget).toMatchObject({
      max_seconds: null,
    });
  });

  it("takes a limit that the node left to its default", () => {
    expect(withLimits({}, WAS, { ...WAS, max_trials: 60 })).toEqual({ budget: { max_trials: 60 } });
  });

  it("leaves a limit that somebody set since the first run", () => {
    const edited = { budget: { max_trials: 40, max_seconds: 600 } };
    expect(withLimits(edited, WAS, { ...WAS, max_trials: 60 })).toBe(edited);
  });

  it("leaves the configuration where nothing was raised", () => {
    expect(withLimits(CONFIG, WAS, WAS)).toBe(CONFIG);
  });
});

describe("takeLimits", () => {
  const tune: CanvasNode = {
    id: "tune",
    type: "hyperparameter_tuning",
    position: { x: 0, y: 0 },
    data: { config: CONFIG },
  };
  const job = (budget: object) => ({ config: { budget } }) as unknown as Job;
  const present = () => useCanvas.getState().nodes[0]?.data.config;

  beforeEach(() => useCanvas.setState({ nodes: [structuredClone(tune)], edges: [] }));

  it("can be undone as any other change", () => {
    takeLimits("tune", job(WAS), job({ ...WAS, max_trials: 60 }));
    expect(present()).toMatchObject({ budget: { max_trials: 60, target_score: 0.9 } });
    useCanvas.getState().undo();
    expect(present()).toEqual(CONFIG);
  });

  it("changes nothing where the node is gone", () => {
    takeLimits("other", job(WAS), job({ ...WAS, max_trials: 60 }));
    expect(present()).toEqual(CONFIG);
  });
});
