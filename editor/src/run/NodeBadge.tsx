import Box from "@mui/material/Box";
import LinearProgress from "@mui/material/LinearProgress";
import Typography from "@mui/material/Typography";
import type { Job } from "@/api/documents";
import { hasEnded, useJob, useNewestJob } from "@/api/job_queries";
import { useCanvas } from "@/graph/canvas_store";
import { durationText, numberText } from "@/graph/number_text";
import { useRunNumbers } from "@/run/use_run";
import { strings } from "@/strings";

const words = strings.run;

/** On the card of a tuning node: how its newest run is. */
export default function NodeBadge({ nodeId }: { nodeId: string }) {
  const pipelineId = useCanvas((state) => state.pipelineId);
  const newest = useNewestJob(pipelineId, nodeId);
  const job = useJob(newest.data && !hasEnded(newest.data.status) ? newest.data.id : null);
  const shown = job.data ?? newest.data;
  return shown ? <Badge job={shown} key={shown.id} /> : null;
}

function Badge({ job }: { job: Job }) {
  const { numbers, isLive, link } = useRunNumbers(job);
  const isWorking = isLive && !hasEnded(numbers.status);
  const parts = [
    isWorking && numbers.status === "running"
      ? words.progress(numbers.done, numbers.planned)
      : (words.status[numbers.status] ?? numbers.status),
    numbers.best && words.badge.best(numberText(numbers.best.score)),
    isWorking && numbers.etaSeconds !== null && words.badge.left(durationText(numbers.etaSeconds)),
  ].filter(Boolean);
  const text = isWorking && link === "lost" ? words.lost : parts.join(" · ");
  return (
    <Box sx={{ mt: 0.5 }}>
      {isWorking && (
        <LinearProgress
          variant={numbers.fraction === null && numbers.status !== "queued" ? "indeterminate" : "determinate"}
          value={(numbers.fraction ?? 0) * 100}
          aria-label={words.progressLabel}
          sx={{ height: 6, borderRadius: 3 }}
        />
      )}
      <Typography
        variant="caption"
        color={numbers.status === "failed" ? "error" : "text.secondary"}
        component="p"
      >
        {text}
      </Typography>
    </Box>
  );
}
