import MenuIcon from "@mui/icons-material/Menu";
import Divider from "@mui/material/Divider";
import IconButton from "@mui/material/IconButton";
import ListItemText from "@mui/material/ListItemText";
import Menu from "@mui/material/Menu";
import MenuItem from "@mui/material/MenuItem";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { urlOf } from "@/api/client";
import { useExamples } from "@/api/queries";
import { openDialog } from "@/app/dialogs_store";
import { goToEmpty, leaveFor } from "@/app/leaving";
import { useCanvas } from "@/graph/canvas_store";
import { duplicatePipeline, exportFile, importFile, openExample } from "@/graph/pipeline_actions";
import { strings } from "@/strings";

const words = strings.app;

interface Entry {
  text: string;
  help?: string;
  act: () => void;
  off?: boolean;
}

/** Everything about whole pipelines. */
export default function PipelineMenu() {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [own, files, examples, help] = useEntries();
  const close = () => setAnchor(null);
  return (
    <>
      <IconButton
        aria-label={words.menu}
        aria-haspopup="menu"
        title={words.menu}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <MenuIcon fontSize="small" />
      </IconButton>
      <Menu open={anchor !== null} anchorEl={anchor} onClose={close}>
        {items(own, close)}
        <Divider />
        {items(files, close)}
        <Divider component="li" textAlign="left">
          <Typography variant="caption" color="text.secondary">
            {words.examples}
          </Typography>
        </Divider>
        {items(examples, close)}
        <Divider />
        {items(help, close)}
      </Menu>
    </>
  );
}

function items(entries: Entry[], close: () => void) {
  return entries.map(({ text, help, act, off }) => (
    <MenuItem
      key={text}
      disabled={off}
      onClick={() => {
        close();
        act();
      }}
    >
      <ListItemText primary={text} secondary={help} sx={{ maxWidth: 340, whiteSpace: "normal" }} />
    </MenuItem>
  ));
}

function useEntries(): [Entry[], Entry[], Entry[], Entry[]] {
  const examples = useExamples();
  const empty = useCanvas((state) => state.nodes.length === 0);
  const stored = useCanvas((state) => state.pipelineId !== null);
  return [
    [
      { text: words.newPipeline, act: () => leaveFor(goToEmpty) },
      { text: words.open, act: () => openDialog("pipelines") },
      { text: words.duplicate, act: () => void duplicatePipeline(), off: empty },
      { text: words.remove, act: () => openDialog("delete"), off: !stored },
    ],
    [
      { text: words.import, act: () => leaveFor(chooseFile) },
      { text: words.export, act: exportFile, off: empty },
    ],
    (examples.data ?? []).map((example) => ({
      text: example.name,
      help: example.description,
      act: () => leaveFor(() => void openExample(example)),
    })),
    [
      { text: words.shortcuts, act: () => openDialog("shortcuts") },
      { text: words.docs, act: () => window.open(urlOf("docs"), "_blank", "noopener") },
    ],
  ];
}

function chooseFile(): void {
  const picker = document.createElement("input");
  picker.type = "file";
  picker.accept = ".json,application/json";
  picker.onchange = () => {
    const file = picker.files?.[0];
    if (file) void importFile(file);
  };
  picker.click();
}
