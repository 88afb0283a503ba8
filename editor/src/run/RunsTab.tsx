import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import MenuItem from "@mui/material/MenuItem";
import Stack from "@mui/material/Stack";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useState } from "react";
import { useNodeJobs } from "@/api/job_queries";
import { useCanvas } from "@/graph/canvas_store";
import CompareDialog from "@/run/CompareDialog";
import RunLine from "@/run/RunLine";
import { strings } from "@/strings";

const words = strings.run.runs;

interface Props {
  nodeId: string;
  /** Told when a run was picked to be shown. */
  onShowRun?: (jobId: string) => void;
}

/** The runs of a node, newest first: names, notes, scores, and two of them compared. */
export default function RunsTab({ nodeId, onShowRun }: Props) {
  const pipelineId = useCanvas((state) => state.pipelineId);
  const [status, setStatus] = useState("");
  const [ticked, setTicked] = useState<string[]>([]);
  const [isComparing, setComparing] = useState(false);
  const runs = useNodeJobs(pipelineId, nodeId, status === "" ? [] : [status]);
  const jobs = runs.data?.pages.flatMap((page) => page.items) ?? [];
  const tick = (jobId: string, is: boolean) =>
    setTicked(is ? [...ticked, jobId].slice(-2) : ticked.filter((id) => id !== jobId));
  if (pipelineId === null) return <Said text={strings.run.noPipeline} />;
  if (runs.error) return <Alert severity="error">{runs.error.message}</Alert>;
  if (runs.isPending) return <Said text={strings.run.loading} />;
  if (jobs.length === 0 && status === "") return <Said text={words.none} />;
  return (
    <Stack spacing={1.5} sx={{ pt: 1 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1, alignItems: "center" }}>
        <StatusFilter status={status} onStatus={setStatus} />
        <Button variant="outlined" disabled={ticked.length !== 2} onClick={() => setComparing(true)}>
          {words.compare}
        </Button>
        <Typography variant="body2" color="text.secondary" role="status">
          {ticked.length === 2 ? words.count(jobs.length) : words.compareHelp}
        </Typography>
      </Box>
      {jobs.length === 0 && <Typography color="text.secondary">{words.noMatch}</Typography>}
      <Box component="ul" sx={{ listStyle: "none", p: 0, m: 0 }}>
        {jobs.map((job) => (
          <RunLine
            key={job.id}
            job={job}
            isTicked={ticked.includes(job.id)}
            onTick={tick}
            onShow={onShowRun}
          />
        ))}
      </Box>
      {runs.hasNextPage && (
        <Button onClick={() => void runs.fetchNextPage()} disabled={runs.isFetchingNextPage}>
          {words.more}
        </Button>
      )}
      {isComparing && <CompareDialog jobIds={ticked} onClose={() => setComparing(false)} />}
    </Stack>
  );
}

function Said({ text }: { text: string }) {
  return <Typography color="text.secondary">{text}</Typography>;
}

function StatusFilter({ status, onStatus }: { status: string; onStatus: (status: string) => void }) {
  return (
    <TextField
      select
      label={words.filter}
      value={status}
      onChange={(event) => onStatus(event.target.value)}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
      sx={{ minWidth: 150 }}
    >
      <MenuItem value="">{words.every}</MenuItem>
      {["queued", "running", "succeeded", "failed", "cancelled"].map((name) => (
        <MenuItem key={name} value={name}>
          {strings.run.status[name]}
        </MenuItem>
      ))}
    </TextField>
  );
}
