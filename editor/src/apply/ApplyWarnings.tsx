import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Stack from "@mui/material/Stack";
import type { Job, Report, TuningConfig } from "@/api/documents";
import { useStanding } from "@/apply/apply_requests";
import { widened } from "@/apply/widen_range";
import { useCanvas } from "@/graph/canvas_store";
import { numberText } from "@/graph/number_text";
import { notify } from "@/graph/notices";
import { strings } from "@/strings";

const words = strings.apply;

interface Props {
  job: Job;
  report: Report | undefined;
  isBest: boolean;
}

/** What speaks against trusting the score: stale, another path of the data, unsafe steps, too narrow ranges. */
export default function ApplyWarnings({ job, report, isBest }: Props) {
  const standing = useStanding(job);
  const sentences = [
    ...(standing.data?.isStale ? [words.stale] : []),
    ...(standing.data?.paths ?? []),
    ...(report?.labels ?? []).map((label) => label.sentence),
  ];
  const hints = isBest ? (report?.hints ?? []) : [];
  if (sentences.length + hints.length === 0) return null;
  return (
    <Stack spacing={1} component="section" aria-label={words.warnings}>
      {sentences.map((sentence) => (
        <Alert key={sentence} severity="warning">
          {sentence}
        </Alert>
      ))}
      {hints.map((hint) => (
        <HintLine key={hint.pointer} job={job} hint={hint} />
      ))}
    </Stack>
  );
}

/** A range that was too narrow, and the button that widens it on the canvas; elsewhere there is none to widen. */
function HintLine({ job, hint }: { job: Job; hint: Report["hints"][number] }) {
  const node = useCanvas((state) =>
    state.pipelineId === job.pipeline_id ? state.nodes.find((each) => each.id === job.node_id) : undefined,
  );
  const searched = ((job.config ?? {}) as TuningConfig).search_space ?? [];
  const widen = () => {
    if (node === undefined) return;
    useCanvas.getState().setConfig(node.id, widened(node.data.config, hint, searched));
    notify(words.widened(hint.parameter), "success");
  };
  const button = node && (
    <Button color="inherit" onClick={widen}>
      {words.widen(hint.parameter, numberText(hint.suggested))}
    </Button>
  );
  return (
    <Alert severity="info" action={button}>
      {hint.sentence} {node ? "" : words.widenElsewhere}
    </Alert>
  );
}
