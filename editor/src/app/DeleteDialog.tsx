import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogContentText from "@mui/material/DialogContentText";
import DialogTitle from "@mui/material/DialogTitle";
import { goToEmpty, lastPipeline, rememberPipeline } from "@/app/leaving";
import { useCanvas } from "@/graph/canvas_store";
import { removePipeline } from "@/graph/pipeline_actions";
import { strings } from "@/strings";

const words = strings.app.confirmDelete;

/** A pipeline that may be deleted. */
export interface Doomed {
  id: string;
  name: string;
  revision: number;
}

/** Asks before a pipeline is deleted; the one on the canvas leaves an empty canvas. */
export default function DeleteDialog({ pipeline, onClose }: { pipeline: Doomed; onClose: () => void }) {
  const remove = async () => {
    onClose();
    if (!(await removePipeline(pipeline.id, pipeline.name, pipeline.revision))) return;
    if (lastPipeline() === pipeline.id) rememberPipeline(null);
    if (useCanvas.getState().pipelineId === pipeline.id) goToEmpty();
  };
  return (
    <Dialog open onClose={onClose}>
      <DialogTitle>{words.title(pipeline.name || strings.app.untitled)}</DialogTitle>
      <DialogContent>
        <DialogContentText>{words.text}</DialogContentText>
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose} autoFocus>
          {strings.app.cancel}
        </Button>
        <Button color="error" variant="contained" onClick={() => void remove()}>
          {words.yes}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
