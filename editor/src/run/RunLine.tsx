import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Checkbox from "@mui/material/Checkbox";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import type { Job } from "@/api/documents";
import { hasEnded } from "@/api/job_queries";
import { durationText, momentText, numberText } from "@/graph/number_text";
import DeleteRunDialog from "@/run/DeleteRunDialog";
import { directionText, plainName } from "@/run/metric_words";
import RenameDialog from "@/run/RenameDialog";
import { useRunChoice } from "@/run/run_choice";
import StatusWords from "@/run/StatusWords";
import { strings } from "@/strings";

const words = strings.run.runs;

interface Props {
  job: Job;
  isTicked: boolean;
  onTick: (jobId: string, isTicked: boolean) => void;
  onShow?: (jobId: string) => void;
}

/** One run in the list: its name and note, how it ended, its best score, and what can be done with it. */
export default function RunLine({ job, isTicked, onTick, onShow }: Props) {
  const [open, setOpen] = useState<"rename" | "delete" | null>(null);
  const name = strings.run.name(job.run_number, job.name);
  const show = () => {
    useRunChoice.getState().choose(job.node_id ?? "", job.id);
    onShow?.(job.id);
  };
  return (
    <Box component="li" sx={{ display: "flex", gap: 0.5, py: 1, borderTop: 1, borderColor: "divider" }}>
      <Checkbox
        size="small"
        checked={isTicked}
        onChange={(_event, checked) => onTick(job.id, checked)}
        slotProps={{ input: { "aria-label": words.tick(name) } }}
        sx={{ alignSelf: "flex-start" }}
      />
      <Box sx={{ flex: 1, minWidth: 0 }}>
        <Typography sx={{ fontWeight: 650, overflowWrap: "anywhere" }}>{name}</Typography>
        {job.note && (
          <Typography variant="body2" sx={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {job.note}
          </Typography>
        )}
        <StatusWords status={job.status} help={job.error?.message} />
        <Typography variant="body2" color="text.secondary">
          {factsText(job)}
        </Typography>
        <Button onClick={show} aria-label={`${words.show}: ${name}`}>
          {words.show}
        </Button>
        <Button onClick={() => setOpen("rename")} aria-label={`${words.rename} ${name}`}>
          {words.rename}
        </Button>
        {hasEnded(job.status) && (
          <Button color="error" onClick={() => setOpen("delete")} aria-label={`${words.deleteRun} ${name}`}>
            {words.deleteRun}
          </Button>
        )}
      </Box>
      {open === "rename" && <RenameDialog job={job} onClose={() => setOpen(null)} />}
      {open === "delete" && <DeleteRunDialog job={job} name={name} onClose={() => setOpen(null)} />}
    </Box>
  );
}

/** What a line says of a run: its best score, candidates, time taken, and when it was started. */
export function factsText(job: Job): string {
  const best = job.best?.score ?? null;
  const metric = `${plainName(job.metric)}, ${directionText(job.direction)}`;
  const took =
    job.started_at && job.finished_at
      ? durationText((Date.parse(job.finished_at) - Date.parse(job.started_at)) / 1_000)
      : null;
  return [
    best === null ? null : `${strings.run.badge.best(numberText(best))} (${metric})`,
    words.candidates(job.progress.done),
    took,
    momentText(job.created_at),
  ]
    .filter(Boolean)
    .join(" · ");
}
