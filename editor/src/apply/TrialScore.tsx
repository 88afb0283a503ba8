import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import type { Job, Report } from "@/api/documents";
import { type TrialRow, useTrialFolds } from "@/api/trial_queries";
import { gainText } from "@/apply/gain_text";
import { numberText } from "@/graph/number_text";
import { strings } from "@/strings";

const words = strings.apply;

interface Props {
  job: Job;
  report: Report | undefined;
  row: TrialRow | undefined;
  isBest: boolean;
}

/** The score with its folds, the gain over the current settings, and what kind of number it is. */
export default function TrialScore({ job, report, row, isBest }: Props) {
  const folds = useTrialFolds(job.id, row?.number ?? null);
  if (row === undefined || row.score === null) return null;
  const scores = (folds.data ?? [])
    .filter((fold) => fold.resource >= 1)
    .flatMap((fold) => fold.scores[job.metric] ?? []);
  const direction = job.direction === "minimize" ? words.lower : words.higher;
  const before = report?.baseline?.score ?? null;
  const gain = report?.gain;
  return (
    <Box>
      <Typography sx={{ fontWeight: 650 }}>
        {words.score(job.metric.replaceAll("_", " "), numberText(row.score))}{" "}
        <Typography component="span" variant="body2" color="text.secondary">
          ({[rangeText(scores), direction].filter(Boolean).join("; ")})
        </Typography>
      </Typography>
      {before !== null && row.number !== 0 && (
        <Typography variant="body2">
          {gainText(row.score, before, job.direction)}
          {isBest && gain ? ` ${words.foldsBetter(gain.folds_better, gain.folds)}` : ""}
        </Typography>
      )}
      <Typography variant="body2" color="text.secondary">
        {isBest ? words.origin(job.counts.complete) : words.originOther}
      </Typography>
    </Box>
  );
}

function rangeText(scores: number[]): string | null {
  return scores.length < 2
    ? null
    : words.folds(numberText(Math.min(...scores)), numberText(Math.max(...scores)));
}
