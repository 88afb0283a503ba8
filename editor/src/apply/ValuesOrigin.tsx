import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Job } from "@/api/documents";
import { appliedJobs } from "@/api/job_queries";
import { revert } from "@/apply/apply_requests";
import { attachedModel, editedSince, type Origin, originsOf } from "@/apply/values_origin";
import { useCanvas } from "@/graph/canvas_store";
import { numberText } from "@/graph/number_text";
import { strings } from "@/strings";

const words = strings.apply;
const BEST_PARAMETERS = "best_params";

/** On a model node: which run its values and its tuned model came from, and the way back. */
export default function ValuesOrigin({ nodeId }: { nodeId: string }) {
  const data = useCanvas((state) => state.nodes.find((node) => node.id === nodeId)?.data);
  const tuner = useCanvas(
    (state) =>
      state.edges.find((edge) => edge.target === nodeId && edge.sourceHandle === BEST_PARAMETERS)?.source ??
      null,
  );
  const pipelineId = useCanvas((state) => state.pipelineId);
  const jobs = useQuery({
    queryKey: ["jobs", pipelineId, tuner, "applied"],
    queryFn: ({ signal }) => appliedJobs(pipelineId ?? "", tuner ?? "", signal),
    enabled: pipelineId !== null && tuner !== null,
  });
  const origins = useMemo(
    () => (data && jobs.data ? originsOf(jobs.data, nodeId, data) : []),
    [data, jobs.data, nodeId],
  );
  const model = data ? attachedModel(data) : null;
  if (origins.length === 0 && model === null) return null;
  const modelRun = jobs.data?.find((job) => job.id === model?.jobId);
  const isOlder =
    model !== null &&
    ((origins.length > 0 && origins[0].job.id !== model.jobId) ||
      (data !== undefined && editedSince(jobs.data ?? [], model.jobId, nodeId, data)));
  return (
    <Box sx={{ mt: 0.5 }}>
      {origins.map((origin) => (
        <OriginLine key={`${origin.job.id} ${origin.trial}`} origin={origin} />
      ))}
      {model && (
        <Typography variant="caption" component="p" color="text.secondary">
          {words.tuned(modelRun ? runName(modelRun) : words.anEarlierRun, numberText(model.score))}
        </Typography>
      )}
      {isOlder && (
        <Typography variant="caption" component="p" color="warning.main">
          {words.tunedOlder}
        </Typography>
      )}
    </Box>
  );
}

function runName(job: Job): string {
  return words.run(job.run_number);
}

/** React Flow starts a drag of the node at a press, but not on elements of class `nodrag`. */
function OriginLine({ origin: { job, trial, names } }: { origin: Origin }) {
  const from = words.valuesFrom(names.join(", "));
  return (
    <Typography variant="caption" component="p" color="text.secondary" sx={{ overflowWrap: "anywhere" }}>
      {from}
      <Link href={`#/runs/${job.id}`} className="nodrag" title={words.showRun}>
        {runName(job)}
      </Link>
      {trial === null ? "" : words.ofTrial(trial)}{" "}
      <Button
        className="nodrag"
        onClick={() => void revert(job)}
        sx={{ minWidth: 0, minHeight: 24, p: 0, px: 0.5, font: "inherit", textDecoration: "underline" }}
      >
        {words.undo}
      </Button>
    </Typography>
  );
}
