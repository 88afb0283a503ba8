import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import { useNewestJob } from "@/api/job_queries";
import { useCanvas } from "@/graph/canvas_store";
import CopyLink from "@/run/CopyLink";
import LoadedJob from "@/run/LoadedJob";
import { takeLimits } from "@/run/longer_limits";
import { useRunChoice } from "@/run/run_choice";
import RunView from "@/run/RunView";
import { strings } from "@/strings";

const words = strings.run;

/** In the panel of a tuning node: its newest run, or the one that was chosen from the list. */
export default function RunTab({ nodeId }: { nodeId: string }) {
  const pipelineId = useCanvas((state) => state.pipelineId);
  const newest = useNewestJob(pipelineId, nodeId);
  const chosen = useRunChoice((state) => state.chosen[nodeId]);
  const choose = useRunChoice((state) => state.choose);
  const jobId = chosen ?? newest.data?.id;
  if (jobId === undefined) {
    return (
      <Typography color="text.secondary">
        {pipelineId === null ? words.noPipeline : newest.isPending ? words.loading : words.none}
      </Typography>
    );
  }
  const isOlder = newest.data !== undefined && newest.data !== null && newest.data.id !== jobId;
  return (
    <Box sx={{ pt: 1 }}>
      <LoadedJob jobId={jobId} key={jobId}>
        {(job) => (
          <Stack spacing={1}>
            <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 1 }}>
              <Typography variant="h2" sx={{ flex: "1 1 120px", overflowWrap: "anywhere" }}>
                {words.name(job.run_number, job.name)}
              </Typography>
              {isOlder && <Button onClick={() => choose(nodeId, null)}>{words.newest}</Button>}
              <Button component="a" href={`#/runs/${job.id}`}>
                {words.openPage}
              </Button>
              <CopyLink jobId={job.id} />
            </Box>
            <RunView
              job={job}
              onResumed={(started) => {
                choose(nodeId, started.id);
                takeLimits(nodeId, job, started);
              }}
            />
          </Stack>
        )}
      </LoadedJob>
    </Box>
  );
}
