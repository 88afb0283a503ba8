import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import TextField from "@mui/material/TextField";
import { type FormEvent, useState } from "react";
import { useView } from "@/canvas/view_store";
import { useCanvas } from "@/graph/canvas_store";
import { strings } from "@/strings";

const words = strings.canvas.rename;

/** Another name for a node. */
export default function RenameDialog({ nodeId }: { nodeId: string }) {
  const [label, setLabel] = useState(
    () => useCanvas.getState().nodes.find((node) => node.id === nodeId)?.data.label ?? "",
  );
  const close = () => useView.setState({ renaming: null });
  const rename = (event: FormEvent) => {
    event.preventDefault();
    if (label.trim()) useCanvas.getState().setLabel(nodeId, label.trim());
    close();
  };
  return (
    <Dialog open onClose={close} fullWidth maxWidth="xs">
      <form onSubmit={rename}>
        <DialogTitle>{words.title}</DialogTitle>
        <DialogContent>
          <TextField
            autoFocus
            fullWidth
            margin="dense"
            label={words.label}
            value={label}
            onChange={(event) => setLabel(event.target.value)}
            slotProps={{ htmlInput: { maxLength: 200 } }}
          />
        </DialogContent>
        <DialogActions>
          <Button onClick={close}>{strings.app.cancel}</Button>
          <Button type="submit" variant="contained" disabled={!label.trim()}>
            {words.done}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
