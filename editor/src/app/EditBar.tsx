import AccountTree from "@mui/icons-material/AccountTreeOutlined";
import Redo from "@mui/icons-material/Redo";
import Save from "@mui/icons-material/SaveOutlined";
import Undo from "@mui/icons-material/Undo";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import InputBase from "@mui/material/InputBase";
import Typography from "@mui/material/Typography";
import { useReactFlow } from "@xyflow/react";
import type { ReactNode } from "react";
import PipelineMenu from "@/app/PipelineMenu";
import { isDirty, useCanvas } from "@/graph/canvas_store";
import { arranged } from "@/graph/layout";
import { savePipeline } from "@/graph/saving";
import { strings } from "@/strings";

const words = strings.app;

/** What can be done with the pipeline on the canvas. */
export default function EditBar() {
  const canUndo = useCanvas((state) => state.history.past.length > 0);
  const canRedo = useCanvas((state) => state.history.future.length > 0);
  const empty = useCanvas((state) => state.nodes.length === 0);
  const { undo, redo } = useCanvas.getState();
  const arrange = useArrange();
  return (
    <>
      <PipelineMenu />
      <PipelineName />
      <SaveState />
      <Box sx={{ flex: 1 }} />
      <Tool name={words.undo} disabled={!canUndo} onClick={undo}>
        <Undo fontSize="small" />
      </Tool>
      <Tool name={words.redo} disabled={!canRedo} onClick={redo}>
        <Redo fontSize="small" />
      </Tool>
      <Box sx={{ display: { xs: "none", sm: "block" } }}>
        <Tool name={words.arrange} disabled={empty} onClick={() => void arrange()}>
          <AccountTree fontSize="small" />
        </Tool>
      </Box>
    </>
  );
}

/** Put the nodes in columns and show all of them. */
export function useArrange(): () => Promise<void> {
  const flow = useReactFlow();
  return async () => {
    const state = useCanvas.getState();
    state.move(await arranged(state));
    setTimeout(() => void flow.fitView({ padding: 0.15, maxZoom: 1, duration: 200 }), 30);
  };
}

function Tool(props: { name: string; disabled: boolean; onClick: () => void; children: ReactNode }) {
  return (
    <IconButton aria-label={props.name} title={props.name} disabled={props.disabled} onClick={props.onClick}>
      {props.children}
    </IconButton>
  );
}

function PipelineName() {
  const name = useCanvas((state) => state.name);
  const setName = useCanvas((state) => state.setName);
  return (
    <InputBase
      value={name}
      onChange={(event) => setName(event.target.value)}
      placeholder={words.untitled}
      inputProps={{ "aria-label": words.pipelineName, maxLength: 200 }}
      sx={{
        fontWeight: 650,
        flex: "0 1 260px",
        minWidth: 60,
        px: 1,
        borderRadius: 1,
        "&:hover, &.Mui-focused": { bgcolor: "action.hover" },
      }}
    />
  );
}

/** Whether everything is saved, and the button that sees to it. */
function SaveState() {
  const dirty = useCanvas(isDirty);
  const saving = useCanvas((state) => state.saving);
  const stored = useCanvas((state) => state.pipelineId !== null);
  const said = saving ? words.saving : dirty ? words.unsaved : stored ? words.saved : words.notStored;
  return (
    <>
      <Button
        variant={dirty ? "contained" : "text"}
        startIcon={<Save fontSize="small" />}
        sx={{ flex: "none" }}
        disabled={saving || !dirty}
        onClick={() => void savePipeline()}
      >
        {words.save}
      </Button>
      <Typography
        variant="body2"
        color="text.secondary"
        role="status"
        noWrap
        sx={{ display: { xs: "none", sm: "block" } }}
      >
        {said}
      </Typography>
    </>
  );
}
