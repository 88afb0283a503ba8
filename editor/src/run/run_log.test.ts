import { describe, expect, it } from "vitest";
import { lineText } from "@/run/RunLog";
import type { LogLine } from "@/run/run_state";

function line(type: string, data: Record<string, unknown>): LogLine {
  return { seq: 1, at: "2026-01-01T00:00:00Z", level: "info", type, data };
}

describe("a line of the log", () => {
  it.each([
    ["lease_expired", "The worker was lost."],
    ["worker_shutdown", "The worker was shut down in order."],
    ["child_died", "The process of the search died."],
  ])("says why a run waits for a worker again: %s", (reason, sentence) => {
    const text = lineText(line("job.requeued", { reason }));
    expect(text).toBe(`${sentence} A worker goes on with what is scored.`);
  });

  it("says what it knows of a kind that it does not know", () => {
    expect(lineText(line("job.new_kind", { message: "Something happened." }))).toBe("Something happened.");
    expect(lineText(line("job.new_kind", {}))).toBe("job.new_kind");
  });
});
