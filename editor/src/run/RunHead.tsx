import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import LinearProgress from "@mui/material/LinearProgress";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import type { ReactNode } from "react";
import type { Job } from "@/api/documents";
import { durationText, numberText } from "@/graph/number_text";
import { directionText, plainName } from "@/run/metric_words";
import { SEARCHES } from "@/run/run_numbers";
import StatusWords from "@/run/StatusWords";
import type { Run } from "@/run/use_run";
import { strings } from "@/strings";

const words = strings.run;

/** How a run is, in words and numbers: state, progress, best so far, time left, limits. */
export default function RunHead({ run }: { run: Run }) {
  const { job, numbers, isLive, link } = run;
  return (
    <Stack spacing={1}>
      <StatusWords status={numbers.status} help={helpOf(run)} />
      {isLive && link === "lost" && (
        <Alert severity="warning" role="status">
          {words.lost}
        </Alert>
      )}
      {isLive && <Progress run={run} />}
      <Facts run={run} />
      {isLive && (
        <Typography variant="body2" color="text.secondary">
          {limitsText(job)}
        </Typography>
      )}
    </Stack>
  );
}

function helpOf({ job, numbers }: Run): string {
  return job.error?.message ?? words.statusHelp[numbers.status] ?? "";
}

function Progress({ run: { numbers } }: { run: Run }) {
  const percent = numbers.fraction === null ? null : Math.round(numbers.fraction * 100);
  const isWaiting = numbers.status === "queued";
  const counts = words.counts(numbers.counts.failed, numbers.counts.pruned);
  return (
    <Box>
      <LinearProgress
        variant={percent === null && !isWaiting ? "indeterminate" : "determinate"}
        value={percent ?? 0}
        aria-label={words.progressLabel}
        sx={{ height: 8, borderRadius: 4 }}
      />
      <Typography variant="body2" role="status" aria-live="polite" sx={{ mt: 0.5 }}>
        {[words.progress(numbers.done, numbers.planned), counts].filter(Boolean).join(", ")}
      </Typography>
    </Box>
  );
}

function Facts({ run: { job, numbers, isLive } }: { run: Run }) {
  const { best } = numbers;
  const eta = numbers.etaSeconds;
  return (
    <Box component="dl" sx={{ display: "flex", flexWrap: "wrap", columnGap: 3, rowGap: 1, m: 0 }}>
      <Fact
        name={`${words.best} (${plainName(job.metric)}, ${directionText(job.direction)})`}
        value={best === null ? words.noBest(isLive) : numberText(best.score)}
        more={best === null ? undefined : words.ofTrial(best.trial)}
      />
      {job.baseline?.score !== null && job.baseline !== undefined && job.baseline !== null && (
        <Fact name={words.before} value={numberText(job.baseline.score)} />
      )}
      {SEARCHES.has(numbers.status) && (
        <Fact name={words.left} value={eta === null ? words.leftUnknown : words.about(durationText(eta))} />
      )}
      {!isLive && <Fact name={words.took} value={durationText(numbers.seconds)} />}
      {!isLive && <Fact name={strings.run.trials.title} value={candidatesText(job)} />}
    </Box>
  );
}

function candidatesText(job: Job): string {
  const counts = words.counts(job.counts.failed, job.counts.pruned);
  return [words.tried(job.progress.done), counts].filter(Boolean).join(", ");
}

function Fact({ name, value, more }: { name: ReactNode; value: ReactNode; more?: ReactNode }) {
  return (
    <Box>
      <Typography component="dt" variant="body2" color="text.secondary">
        {name}
      </Typography>
      <Typography component="dd" sx={{ m: 0, fontWeight: 650, fontVariantNumeric: "tabular-nums" }}>
        {value}
        {more !== undefined && (
          <Typography component="span" variant="body2" color="text.secondary">
            {" "}
            {more}
          </Typography>
        )}
      </Typography>
    </Box>
  );
}

/** When a run ends at the latest, from its frozen configuration. */
export function limitsText(job: Job): string {
  const budget = (job.config?.budget ?? {}) as Record<string, number | null | undefined>;
  const parts: string[] = [];
  for (const [name, value] of Object.entries(budget)) {
    if (value === null || value === undefined) continue;
    if (name === "max_seconds") parts.push(words.limit.max_seconds(durationText(value)));
    else if (name === "target_score") parts.push(words.limit.target_score(numberText(value)));
    else if (name === "max_trials") parts.push(words.limit.max_trials(value));
    else if (name === "max_failed_trials") parts.push(words.limit.max_failed_trials(value));
    else if (name === "no_improvement_trials") parts.push(words.limit.no_improvement_trials(value));
  }
  return words.limits(parts);
}
