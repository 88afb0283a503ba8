import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import Stack from "@mui/material/Stack";
import TextField from "@mui/material/TextField";
import { type FormEvent, useState } from "react";
import type { Job } from "@/api/documents";
import { useDescribe } from "@/api/job_queries";
import { strings } from "@/strings";

const words = strings.run.runs.renameDialog;

/** Name and note of a run. */
export default function RenameDialog({ job, onClose }: { job: Job; onClose: () => void }) {
  const [name, setName] = useState(job.name ?? "");
  const [note, setNote] = useState(job.note ?? "");
  const describe = useDescribe(job.id);
  const save = (event: FormEvent) => {
    event.preventDefault();
    describe.mutate({ name: name.trim() || null, note: note.trim() || null }, { onSuccess: onClose });
  };
  return (
    <Dialog open onClose={onClose} aria-labelledby="rename-title" fullWidth maxWidth="xs">
      <form onSubmit={save}>
        <DialogTitle id="rename-title">{words.title(job.run_number)}</DialogTitle>
        <DialogContent>
          <Stack spacing={2} sx={{ pt: 1 }}>
            <TextField
              label={words.name}
              value={name}
              onChange={(event) => setName(event.target.value)}
              slotProps={{ htmlInput: { maxLength: 200 } }}
              autoFocus
            />
            <TextField
              label={words.note}
              value={note}
              onChange={(event) => setNote(event.target.value)}
              slotProps={{ htmlInput: { maxLength: 2_000 } }}
              multiline
              minRows={3}
            />
            {describe.error && <Alert severity="error">{describe.error.message}</Alert>}
          </Stack>
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{strings.run.cancel}</Button>
          <Button type="submit" variant="contained" disabled={describe.isPending}>
            {words.save}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
