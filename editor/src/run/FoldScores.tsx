import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import { lazy, Suspense, useState } from "react";
import type { Job } from "@/api/documents";
import type { TrialFold } from "@/api/trial_queries";
import { numberText, valueText } from "@/graph/number_text";
import { isComparable, type ShownTrial } from "@/run/trial_rows";
import { strings } from "@/strings";

const ApplyDialog = lazy(() => import("@/apply/ApplyDialog"));
const words = strings.run.folds;

interface Props {
  job: Job;
  trial: ShownTrial | undefined;
  folds: TrialFold[] | undefined;
  onClose: () => void;
}

/** The selected candidate: its values, its folds, and the way to apply it. */
export default function FoldScores({ job, trial, folds, onClose }: Props) {
  const [isApplying, setApplying] = useState(false);
  if (trial === undefined) {
    return (
      <Typography variant="body2" color="text.secondary">
        {words.none}
      </Typography>
    );
  }
  const canApply = job.status === "succeeded" && isComparable(trial);
  return (
    <Box
      component="section"
      aria-label={words.title(trial.number)}
      sx={{ border: 1, borderColor: "divider", borderRadius: 1, p: 1 }}
    >
      <Typography variant="h3">
        {words.title(trial.number)}: {trial.error ?? scoreText(trial, folds, job.metric)}
      </Typography>
      <Typography variant="body2" sx={{ overflowWrap: "anywhere" }}>
        {Object.entries(trial.params)
          .map(([name, value]) => `${name} = ${valueText(value)}`)
          .join(", ")}
      </Typography>
      <Folds folds={folds} metric={job.metric} />
      <Stack direction="row" spacing={1}>
        {canApply && (
          <Button onClick={() => setApplying(true)}>{strings.run.applyTrial(trial.number)}</Button>
        )}
        <Button onClick={onClose}>{words.close}</Button>
      </Stack>
      {isApplying && (
        <Suspense fallback={null}>
          <ApplyDialog jobId={job.id} trial={trial.number} onClose={() => setApplying(false)} />
        </Suspense>
      )}
    </Box>
  );
}

function scoreText(trial: ShownTrial, folds: TrialFold[] | undefined, metric: string): string {
  const scores = (folds ?? []).flatMap((fold) => fold.scores[metric] ?? []);
  const score = numberText(trial.score);
  if (scores.length < 2) return score;
  return `${score} (${words.ranged(numberText(Math.min(...scores)), numberText(Math.max(...scores)))})`;
}

function Folds({ folds, metric }: { folds: TrialFold[] | undefined; metric: string }) {
  if (folds === undefined) return <Typography variant="body2">{words.loading}</Typography>;
  const isRepeated = folds.some((fold) => fold.repeat > 0);
  return (
    <Box
      component="ul"
      sx={{ display: "flex", flexWrap: "wrap", columnGap: 2, listStyle: "none", p: 0, my: 0.5 }}
    >
      {folds.map((fold) => (
        <Typography component="li" variant="body2" key={`${fold.resource}/${fold.repeat}/${fold.fold}`}>
          {words.fold(fold.fold + 1, isRepeated ? fold.repeat + 1 : null)}:{" "}
          {fold.state === "failed" ? words.failed : numberText(fold.scores[metric])}
        </Typography>
      ))}
    </Box>
  );
}
