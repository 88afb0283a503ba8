import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogContentText from "@mui/material/DialogContentText";
import DialogTitle from "@mui/material/DialogTitle";
import TextField from "@mui/material/TextField";
import { type FormEvent, useState } from "react";
import type { Job } from "@/api/documents";
import { type RaisedBudget, useResume } from "@/api/job_queries";
import { numberText } from "@/graph/number_text";
import { strings } from "@/strings";

const words = strings.run.resumeDialog;

interface Props {
  job: Job;
  onClose: () => void;
  onResumed: (started: Job) => void;
}

/** Asks how far a continued search may go, and starts it. */
export default function ResumeDialog({ job, onClose, onResumed }: Props) {
  const budget = (job.config?.budget ?? {}) as Record<string, number | null | undefined>;
  const [trials, setTrials] = useState(String(budget.max_trials ?? ""));
  const [seconds, setSeconds] = useState(String(budget.max_seconds ?? ""));
  const resume = useResume(job.id);
  const raised = raisedBudget(budget, { max_trials: trials, max_seconds: seconds });
  const needsMore = job.status === "succeeded" && Object.keys(raised).length === 0;
  const go = async (event: FormEvent) => {
    event.preventDefault();
    const started = await resume.mutateAsync(raised).catch(() => null);
    if (started) {
      onClose();
      onResumed(started);
    }
  };
  return (
    <Dialog open onClose={onClose} aria-labelledby="resume-title">
      <form onSubmit={(event) => void go(event)}>
        <DialogTitle id="resume-title">{words.title}</DialogTitle>
        <DialogContent>
          <DialogContentText sx={{ mb: 2 }}>
            {job.status === "failed" ? words.failedText : words.text}
          </DialogContentText>
          <Limit name={words.trials} was={budget.max_trials} value={trials} onChange={setTrials} />
          <Limit name={words.seconds} was={budget.max_seconds} value={seconds} onChange={setSeconds} />
          {needsMore && <Alert severity="info">{words.needsMore}</Alert>}
          {resume.error && <Alert severity="error">{resume.error.message}</Alert>}
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{strings.run.cancel}</Button>
          <Button type="submit" variant="contained" disabled={needsMore || resume.isPending}>
            {words.go}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

interface LimitProps {
  name: string;
  was: number | null | undefined;
  value: string;
  onChange: (value: string) => void;
}

/** A limit that was set may be raised or emptied; one that was not set stays so. */
function Limit({ name, was, value, onChange }: LimitProps) {
  if (was === null || was === undefined) return null;
  return (
    <TextField
      label={name}
      type="number"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      helperText={words.was(numberText(was))}
      slotProps={{ htmlInput: { min: was, step: "any" } }}
      fullWidth
      sx={{ mb: 2 }}
    />
  );
}

/** What of the budget is changed; an emptied limit is taken away. */
export function raisedBudget(
  before: Record<string, number | null | undefined>,
  asked: Record<string, string>,
): RaisedBudget {
  const raised: RaisedBudget = {};
  for (const [name, text] of Object.entries(asked)) {
    const was = before[name];
    const value = text.trim() === "" ? null : Number(text);
    if (was !== null && was !== undefined && value !== was) raised[name] = value;
  }
  return raised;
}
