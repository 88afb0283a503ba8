import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogContentText from "@mui/material/DialogContentText";
import DialogTitle from "@mui/material/DialogTitle";
import { useDialogs } from "@/app/dialogs_store";
import { useCanvas } from "@/graph/canvas_store";
import { savePipeline, startNew } from "@/graph/saving";
import { strings } from "@/strings";

const words = strings.app.leave;

/** What becomes of changes when another pipeline is opened. */
export default function LeaveDialog() {
  const leaving = useDialogs((state) => state.leaving);
  const name = useCanvas((state) => state.name);
  if (leaving === null) return null;
  const close = () => useDialogs.setState({ leaving: null });
  const stay = () => {
    close();
    leaving.stay();
  };
  const save = async () => {
    close();
    if ((await savePipeline()) === "saved") leaving.go();
    else leaving.stay();
  };
  const discard = () => {
    close();
    // The address brings back what is stored, if anything is.
    startNew("");
    leaving.go();
  };
  return (
    <Dialog open onClose={stay}>
      <DialogTitle>{words.title}</DialogTitle>
      <DialogContent>
        <DialogContentText>{words.text(name || strings.app.untitled)}</DialogContentText>
      </DialogContent>
      <DialogActions>
        <Button onClick={stay}>{words.stay}</Button>
        <Button color="error" onClick={discard}>
          {words.discard}
        </Button>
        <Button variant="contained" autoFocus onClick={() => void save()}>
          {words.save}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
