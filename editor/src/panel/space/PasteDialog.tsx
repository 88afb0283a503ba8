import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogContentText from "@mui/material/DialogContentText";
import DialogTitle from "@mui/material/DialogTitle";
import TextField from "@mui/material/TextField";
import { useState } from "react";
import { PasteRefusal } from "@/panel/space/literals";
import { rowsFromPasted } from "@/panel/space/pasted_space";
import type { Parameter, SpaceRow } from "@/panel/space/rows";
import { strings } from "@/strings";

const text = strings.panel.pasteDialog;

interface Props {
  parameters: readonly Parameter[];
  onRows(rows: SpaceRow[]): void;
  onClose(): void;
}

/** Takes a search space from a notebook: a Python or JSON dict becomes the rows of the table. Nothing in it is run. */
export function PasteDialog({ parameters, onRows, onClose }: Props) {
  const [source, setSource] = useState("");
  const [refused, setRefused] = useState("");
  const take = () => {
    try {
      onRows(rowsFromPasted(source, parameters));
      onClose();
    } catch (error) {
      if (!(error instanceof PasteRefusal)) throw error;
      setRefused(error.message);
    }
  };
  return (
    <Dialog open fullWidth maxWidth="sm" onClose={onClose} aria-labelledby="panel-paste-title">
      <DialogTitle id="panel-paste-title">{text.title}</DialogTitle>
      <DialogContent>
        <DialogContentText variant="body2" sx={{ mb: 1.5 }}>
          {text.how}
        </DialogContentText>
        <SourceInput
          source={source}
          isRefused={refused !== ""}
          onSource={(next) => {
            setSource(next);
            setRefused("");
          }}
        />
        {refused !== "" && (
          <Alert severity="error" sx={{ mt: 1 }}>
            {refused}
          </Alert>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{text.cancel}</Button>
        <Button variant="contained" onClick={take}>
          {text.take}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

interface SourceProps {
  source: string;
  isRefused: boolean;
  onSource(source: string): void;
}

function SourceInput({ source, isRefused, onSource }: SourceProps) {
  return (
    <TextField
      autoFocus
      fullWidth
      multiline
      minRows={6}
      maxRows={16}
      label={text.field}
      placeholder={text.example}
      value={source}
      error={isRefused}
      onChange={(event) => onSource(event.target.value)}
      slotProps={{
        htmlInput: { spellCheck: false, style: { fontFamily: "monospace" } },
        inputLabel: { shrink: true },
      }}
    />
  );
}
