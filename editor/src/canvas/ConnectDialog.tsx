import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import MenuItem from "@mui/material/MenuItem";
import Stack from "@mui/material/Stack";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import type { OutputPort } from "@/api/documents";
import { kindOf } from "@/api/queries";
import { type Possible, possibleTargets } from "@/canvas/connecting";
import PresentConnections from "@/canvas/PresentConnections";
import { useView } from "@/canvas/view_store";
import { useCanvas } from "@/graph/canvas_store";
import { nameOf } from "@/graph/connection_rules";
import { notify } from "@/graph/notices";
import { strings } from "@/strings";

const words = strings.canvas.connect;

/** Connect a node without a mouse: an output, an input, and why an input does not take it. */
export default function ConnectDialog({ nodeId }: { nodeId: string }) {
  const state = useCanvas();
  const node = state.nodes.find((each) => each.id === nodeId);
  const outputs = kindOf(state.kinds, node?.type)?.outputs ?? [];
  const [output, setOutput] = useState(outputs[0]?.id ?? "");
  const [chosen, setChosen] = useState("");
  const close = () => useView.setState({ connecting: null });
  if (!node) return null;
  const targets = output ? possibleTargets(node, output, state) : [];
  const target = targets.find((each) => each.key === chosen && each.refusal === null);
  const connect = () => {
    if (!target) return;
    state.connect({ source: nodeId, sourceHandle: output, target: target.nodeId, targetHandle: target.port });
    notify(words.made(nameOf(node), target.node), "success");
    setChosen("");
  };
  return (
    <Dialog open onClose={close} fullWidth maxWidth="sm">
      <DialogTitle>{words.title(nameOf(node))}</DialogTitle>
      <DialogContent>
        <Stack spacing={2} sx={{ pt: 1 }}>
          {outputs.length === 0 ? (
            <Typography color="text.secondary">{words.none}</Typography>
          ) : (
            <>
              <Outputs ports={outputs} value={output} onChange={setOutput} />
              <Targets targets={targets} value={target ? chosen : ""} onChange={setChosen} />
            </>
          )}
          <PresentConnections nodeId={nodeId} />
        </Stack>
      </DialogContent>
      <DialogActions>
        <Button onClick={close}>{strings.app.close}</Button>
        <Button variant="contained" disabled={!target} onClick={connect}>
          {words.done}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function Outputs(props: { ports: OutputPort[]; value: string; onChange: (id: string) => void }) {
  return (
    <TextField
      select
      label={words.from}
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
    >
      {props.ports.map((port) => (
        <MenuItem key={port.id} value={port.id}>
          {port.label}
        </MenuItem>
      ))}
    </TextField>
  );
}

function Targets(props: { targets: Possible[]; value: string; onChange: (key: string) => void }) {
  if (props.targets.length === 0) return <Typography color="text.secondary">{words.noTargets}</Typography>;
  return (
    <TextField
      select
      label={words.to}
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
    >
      {props.targets.map((each) => (
        <MenuItem
          key={each.key}
          value={each.key}
          disabled={each.refusal !== null}
          sx={{ whiteSpace: "normal" }}
        >
          <span>
            {each.node}: {each.label}
            {each.refusal !== null && (
              <Typography component="span" variant="caption" sx={{ display: "block" }}>
                {each.refusal}
              </Typography>
            )}
          </span>
        </MenuItem>
      ))}
    </TextField>
  );
}
