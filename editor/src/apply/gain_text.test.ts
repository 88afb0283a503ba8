import { describe, expect, it } from "vitest";
import { gainText } from "@/apply/gain_text";

describe("gainText", () => {
  it.each([
    ["minimize", 0.0392, 0.0465, "0.0073 better than the settings before (0.0465; 16 %)."],
    ["maximize", 0.96, 0.8, "0.16 better than the settings before (0.8; 20 %)."],
    ["maximize", 0.7, 0.8, "0.1 worse than the settings before (0.8)."],
    ["minimize", 3, 2, "1 worse than the settings before (2)."],
    ["minimize", 2, 2, "No better than the settings before (2)."],
    ["maximize", 0.5, 0, "0.5 better than the settings before (0)."],
  ])("of %s, %s after %s", (direction, score, before, text) => {
    expect(gainText(score, before, direction)).toBe(text);
  });
});
