import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogContentText from "@mui/material/DialogContentText";
import DialogTitle from "@mui/material/DialogTitle";
import Stack from "@mui/material/Stack";
import ToggleButton from "@mui/material/ToggleButton";
import ToggleButtonGroup from "@mui/material/ToggleButtonGroup";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { kindOf } from "@/api/queries";
import { placeWords } from "@/app/place_words";
import { type OpenConflict, useCanvas } from "@/graph/canvas_store";
import type { Conflict, Side } from "@/graph/merge";
import { resolveConflict } from "@/graph/saving";
import { strings } from "@/strings";

const words = strings.app.conflict;

/** Values that were changed here and elsewhere: the person decides each. */
export default function ConflictDialog({ conflict }: { conflict: OpenConflict }) {
  const [picks, setPicks] = useState<Record<string, Side>>({});
  const close = () => useCanvas.setState({ conflict: null });
  const all = (side: Side) => setPicks(Object.fromEntries(conflict.conflicts.map(({ key }) => [key, side])));
  return (
    <Dialog open onClose={close} fullWidth maxWidth="md">
      <DialogTitle>{words.title}</DialogTitle>
      <DialogContent>
        <DialogContentText sx={{ mb: 2 }}>{words.text}</DialogContentText>
        <Stack direction="row" spacing={1} sx={{ mb: 1 }}>
          <Button variant="outlined" onClick={() => all("mine")}>
            {words.allMine}
          </Button>
          <Button variant="outlined" onClick={() => all("theirs")}>
            {words.allTheirs}
          </Button>
        </Stack>
        <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0 }}>
          {conflict.conflicts.map((each) => (
            <Row
              key={each.key}
              conflict={each}
              side={picks[each.key] ?? "mine"}
              onPick={(side) => setPicks({ ...picks, [each.key]: side })}
            />
          ))}
        </Box>
      </DialogContent>
      <DialogActions>
        <Button onClick={close}>{strings.app.cancel}</Button>
        <Button variant="contained" onClick={() => void resolveConflict(picks)}>
          {conflict.save ? words.doneAndSave : words.done}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function Row({ conflict, side, onPick }: { conflict: Conflict; side: Side; onPick: (side: Side) => void }) {
  const kind = useCanvas((state) => {
    return kindOf(state.kinds, state.nodes.find((node) => node.id === conflict.nodeId)?.type);
  });
  const what = placeWords(conflict.path, kind) || words.node;
  const name = words.of(conflict.label, what);
  return (
    <Box component="li" sx={{ py: 1.25, borderTop: 1, borderColor: "divider" }}>
      <Typography variant="h3">{name}</Typography>
      {conflict.base !== undefined && conflict.path.length > 0 && (
        <Typography variant="caption" color="text.secondary">
          {words.was(shown(conflict, conflict.base))}
        </Typography>
      )}
      <ToggleButtonGroup
        exclusive
        fullWidth
        size="small"
        value={side}
        aria-label={name}
        onChange={(_event, picked: Side | null) => picked && onPick(picked)}
        sx={{ mt: 0.5 }}
      >
        <Choice side="mine" title={words.mine} value={shown(conflict, conflict.mine)} />
        <Choice side="theirs" title={words.theirs} value={shown(conflict, conflict.theirs)} />
      </ToggleButtonGroup>
    </Box>
  );
}

/** Handed through to the group, which gives each its value and whether it is pressed. */
function Choice({ side, title, value, ...group }: { side: Side; title: string; value: string }) {
  return (
    <ToggleButton {...group} value={side} sx={{ flexDirection: "column", textTransform: "none" }}>
      <strong>{title}</strong>
      <Box component="code" sx={{ maxWidth: "100%", overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
        {value}
      </Box>
    </ToggleButton>
  );
}

function shown(conflict: Conflict, value: unknown): string {
  if (conflict.path.length === 0) return value === undefined ? words.deleted : words.kept;
  return value === undefined ? words.absent : JSON.stringify(value);
}
