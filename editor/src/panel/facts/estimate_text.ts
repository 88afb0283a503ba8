import type { Estimate } from "@/api/documents";
import { durationText } from "@/graph/number_text";
import { strings } from "@/strings";

const text = strings.panel.estimate;

/** The work ahead in one line: "32 candidates, 160 fits, about 40 s". */
export function estimateText(estimate: Estimate): string {
  if (estimate.basis === null) return text.open;
  const most = estimate.basis === "upper_bound" ? text.atMost : (part: string) => part;
  const parts = [
    estimate.trials === null ? text.unbounded : most(text.candidates(estimate.trials)),
    estimate.fits === null ? "" : most(text.fits(estimate.fits)),
    timeText(estimate),
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** How long it will take, or "" while nothing tells. */
export function timeText(estimate: Estimate): string {
  if (!estimate.seconds) return "";
  const likely = durationText(estimate.seconds.likely);
  if (estimate.time_basis === "time_limit") return text.untilLimit(likely);
  return estimate.seconds.likely < 1 ? likely : text.about(likely);
}

/** What the numbers rest on, one sentence each. */
export function estimateReasons(estimate: Estimate): string[] {
  const { references, candidates, rungs, basis, seconds } = estimate;
  const told: (string | undefined)[] = [
    references && candidates !== null ? text.references(candidates, references) : undefined,
    ...rungs.map((rung) => text.rung(rung.rung + 1, rung.candidates, rung.rows)),
    basis ? text.basis[basis] : undefined,
    seconds && seconds.low < seconds.high
      ? text.range(durationText(seconds.low), durationText(seconds.high))
      : undefined,
    ...estimate.reasons,
  ];
  return told.filter((sentence) => sentence !== undefined);
}
