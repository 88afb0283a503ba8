import PlayArrow from "@mui/icons-material/PlayArrow";
import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import type { Estimate } from "@/api/documents";
import { durationText } from "@/graph/number_text";
import { useRunChoice } from "@/run/run_choice";
import { type Started, startRun } from "@/run/start_run";
import { strings } from "@/strings";

const words = strings.run.button;

type Refused = Exclude<Started, { kind: "started" }>;

interface Props {
  nodeId: string;
  runnable: boolean;
  /** What must be done or mended before it can run, a sentence each. */
  blocking: string[];
  /** Whether what stands in its way could not be asked for. */
  failed?: boolean;
  estimate: Estimate | undefined;
  /** Told when a run of the node is to be shown: the one that began, or the one that is in its way. */
  onShowRun?: (jobId: string) => void;
}

/** What pressing Run costs: "Run: 150 fits, about 40 s". */
export function costText(estimate: Estimate | undefined): string {
  if (estimate?.fits === null || estimate?.fits === undefined) return words.plain;
  const fits = estimate.basis === "exact" ? words.fits(estimate.fits) : words.upTo(words.fits(estimate.fits));
  if (!estimate.seconds) return words.cost(fits, null);
  const time = durationText(estimate.seconds.likely);
  // Where nothing tells the pace, all that is known is when the limit ends it.
  return words.cost(fits, estimate.time_basis === "time_limit" ? words.upTo(time) : words.about(time));
}

/** Presses Run: saves, submits, and keeps what stood in the way. */
function useRunning({ nodeId, runnable, onShowRun }: Props) {
  const [isStarting, setStarting] = useState(false);
  const [refusal, setRefusal] = useState<Refused | null>(null);
  const client = useQueryClient();
  const show = (jobId: string) => {
    useRunChoice.getState().choose(nodeId, jobId);
    onShowRun?.(jobId);
  };
  const run = async () => {
    if (!runnable || isStarting) return;
    setStarting(true);
    setRefusal(null);
    const started = await startRun(nodeId).finally(() => setStarting(false));
    if (started.kind !== "started") {
      setRefusal(started);
      return;
    }
    client.setQueryData(["job", started.job.id], started.job);
    show(started.job.id);
    await client.invalidateQueries({ queryKey: ["jobs"] });
  };
  return { run, isStarting, refusal, show };
}

/** Saves and runs the node; while something is missing, it says what. Ctrl+Enter presses it. */
export default function RunButton(props: Props) {
  const { runnable, blocking, failed = false, estimate } = props;
  const { run, isStarting, refusal, show } = useRunning(props);
  const reasonId = useId();
  useCtrlEnter(() => void run());
  return (
    <Stack spacing={1}>
      {refusal && <Refusal refusal={refusal} onShow={show} />}
      <Button
        variant="contained"
        size="medium"
        startIcon={<PlayArrow />}
        onClick={() => void run()}
        aria-disabled={!runnable || isStarting}
        aria-describedby={runnable ? undefined : reasonId}
        aria-keyshortcuts="Control+Enter"
        title={words.shortcut}
        sx={{
          "&[aria-disabled=true]": {
            bgcolor: "action.disabledBackground",
            color: "text.secondary",
            cursor: "default",
          },
        }}
      >
        {isStarting ? words.starting : costText(estimate)}
      </Button>
      {!runnable && <Missing id={reasonId} blocking={blocking} failed={failed} />}
    </Stack>
  );
}

/** The form above says each of them in full: more than two here would push it out of the panel. */
const MOST_SAID = 2;

function Missing({ id, blocking, failed }: { id: string; blocking: string[]; failed: boolean }) {
  const sentences = [...new Set(blocking)];
  const rest = sentences.length - MOST_SAID;
  const said = [...sentences.slice(0, MOST_SAID), ...(rest > 0 ? [words.missingMore(rest)] : [])];
  const unknown = failed ? words.missingFailed : words.missingUnknown;
  return (
    <Typography id={id} variant="body2" color="text.secondary">
      {sentences.length === 0 ? unknown : `${words.missing} ${said.join(" ")}`}
    </Typography>
  );
}

interface RefusalProps {
  refusal: Refused;
  onShow: (jobId: string) => void;
}

function Refusal({ refusal, onShow }: RefusalProps) {
  if (refusal.kind === "busy") {
    const action = (
      <Button color="inherit" onClick={() => onShow(refusal.jobId)}>
        {words.showBusy}
      </Button>
    );
    return (
      <Alert severity="info" action={action}>
        {words.busy}
      </Alert>
    );
  }
  if (refusal.kind === "unsaved") return <Alert severity="warning">{words.unsaved[refusal.why]}</Alert>;
  const sentences = refusal.findings.map((finding) => finding.message);
  if (sentences.length < 2) return <Alert severity="error">{`${words.refused} ${refusal.detail}`}</Alert>;
  return (
    <Alert severity="error">
      {words.refused}
      <ul style={{ margin: 0, paddingLeft: "1.2em" }}>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </Alert>
  );
}

/** Ctrl+Enter, or Command+Enter, wherever the focus is: only one node's panel is open. */
function useCtrlEnter(action: () => void): void {
  const newest = useRef(action);
  useEffect(() => {
    newest.current = action;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
      event.preventDefault();
      // Before the canvas, where Enter with Control would take the node out of the selection.
      event.stopPropagation();
      newest.current();
    };
    window.addEventListener("keydown", listen, true);
    return () => window.removeEventListener("keydown", listen, true);
  }, []);
}
