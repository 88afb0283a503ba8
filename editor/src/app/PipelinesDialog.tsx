import Delete from "@mui/icons-material/DeleteOutlined";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Chip from "@mui/material/Chip";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import IconButton from "@mui/material/IconButton";
import List from "@mui/material/List";
import ListItem from "@mui/material/ListItem";
import ListItemButton from "@mui/material/ListItemButton";
import ListItemText from "@mui/material/ListItemText";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { listPipelines, type PipelineSummary } from "@/api/pipelines";
import DeleteDialog, { type Doomed } from "@/app/DeleteDialog";
import Loading from "@/app/Loading";
import { useCanvas } from "@/graph/canvas_store";
import { pipelinePath } from "@/graph/pipeline_actions";
import { strings } from "@/strings";

const words = strings.app.pipelines;

/** Every stored pipeline, newest first: found by name, opened, deleted. */
export default function PipelinesDialog({ onClose }: { onClose: () => void }) {
  const [sought, setSought] = useState("");
  const [doomed, setDoomed] = useState<Doomed | null>(null);
  const found = useQuery({
    queryKey: ["pipelines"],
    queryFn: ({ signal }) => listPipelines(signal),
    staleTime: 0,
  });
  const all = found.data ?? [];
  const shown = all.filter((each) => nameOf(each).toLowerCase().includes(sought.trim().toLowerCase()));
  const said = found.isError ? found.error.message : all.length === 0 ? words.none : words.noMatch;
  return (
    <Dialog open onClose={onClose} fullWidth maxWidth="sm">
      <DialogTitle>{words.title}</DialogTitle>
      <DialogContent sx={{ minHeight: 320 }}>
        <TextField
          autoFocus
          fullWidth
          type="search"
          margin="dense"
          label={words.search}
          value={sought}
          onChange={(event) => setSought(event.target.value)}
        />
        {found.isPending ? (
          <Loading />
        ) : shown.length === 0 ? (
          <Typography color="text.secondary" role="status" sx={{ mt: 2 }}>
            {said}
          </Typography>
        ) : (
          <List dense>
            {shown.map((each) => (
              <Row key={each.id} pipeline={each} onOpen={onClose} onDelete={() => setDoomed(each)} />
            ))}
          </List>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{strings.app.close}</Button>
      </DialogActions>
      {doomed && <DeleteDialog pipeline={doomed} onClose={() => setDoomed(null)} />}
    </Dialog>
  );
}

function Row(props: { pipeline: PipelineSummary; onOpen: () => void; onDelete: () => void }) {
  const { pipeline } = props;
  const current = useCanvas((state) => state.pipelineId === pipeline.id);
  const name = nameOf(pipeline);
  const bin = (
    <IconButton edge="end" aria-label={words.deleteOne(name)} onClick={props.onDelete}>
      <Delete fontSize="small" />
    </IconButton>
  );
  return (
    <ListItem disablePadding secondaryAction={bin}>
      <ListItemButton
        onClick={() => {
          props.onOpen();
          location.hash = pipelinePath(pipeline.id);
        }}
      >
        <ListItemText
          primary={name}
          sx={{ overflowWrap: "anywhere" }}
          secondary={words.changed(new Date(pipeline.updated_at).toLocaleString())}
        />
        {current && (
          <Box component="span" sx={{ mr: 2 }}>
            <Chip size="small" label={words.current} />
          </Box>
        )}
      </ListItemButton>
    </ListItem>
  );
}

function nameOf(pipeline: PipelineSummary): string {
  return pipeline.name || strings.app.untitled;
}
