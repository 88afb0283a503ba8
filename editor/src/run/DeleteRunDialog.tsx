import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogContentText from "@mui/material/DialogContentText";
import DialogTitle from "@mui/material/DialogTitle";
import type { Job } from "@/api/documents";
import { useDeleteJob } from "@/api/job_queries";
import { useRunChoice } from "@/run/run_choice";
import { strings } from "@/strings";

const words = strings.run.runs.confirmDelete;

/** Asks before a run is deleted for good. */
export default function DeleteRunDialog({
  job,
  name,
  onClose,
}: {
  job: Job;
  name: string;
  onClose: () => void;
}) {
  const remove = useDeleteJob(job.id);
  const go = () =>
    remove.mutate(undefined, {
      onSuccess: () => {
        const { chosen, choose } = useRunChoice.getState();
        if (chosen[job.node_id ?? ""] === job.id) choose(job.node_id ?? "", null);
        onClose();
      },
    });
  return (
    <Dialog open onClose={onClose} aria-labelledby="delete-run-title">
      <DialogTitle id="delete-run-title">{words.title(name)}</DialogTitle>
      <DialogContent>
        <DialogContentText>{words.text}</DialogContentText>
        {remove.error && <Alert severity="error">{remove.error.message}</Alert>}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose} autoFocus>
          {strings.run.cancel}
        </Button>
        <Button color="error" onClick={go} disabled={remove.isPending}>
          {words.yes}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
