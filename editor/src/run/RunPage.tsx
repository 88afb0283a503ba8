import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import { useLocation } from "wouter";
import type { Job } from "@/api/documents";
import { useStoredPipeline } from "@/api/queries";
import CopyLink from "@/run/CopyLink";
import LoadedJob from "@/run/LoadedJob";
import RunView from "@/run/RunView";
import { strings } from "@/strings";

const words = strings.run;

/** The page of one run, with an address of its own. */
export default function RunPage({ jobId }: { jobId: string }) {
  const [, go] = useLocation();
  return (
    <Box sx={{ height: "100%", overflow: "auto" }}>
      <Box sx={{ maxWidth: 1100, mx: "auto", p: { xs: 2, md: 3 } }}>
        <LoadedJob jobId={jobId}>
          {(job) => (
            <>
              <PageHead job={job} />
              <RunView job={job} onResumed={(started) => go(`/runs/${started.id}`)} />
            </>
          )}
        </LoadedJob>
      </Box>
    </Box>
  );
}

function PageHead({ job }: { job: Job }) {
  const { data: pipeline } = useStoredPipeline(job.pipeline_id);
  const node = pipeline?.graph.nodes.find((each) => each.id === job.node_id);
  const name = typeof node?.data.label === "string" ? node.data.label : (job.node_id ?? "");
  const place =
    job.pipeline_id === null
      ? words.nowhere
      : words.where(name, pipeline?.name ?? null, String(job.base_revision ?? "–"));
  return (
    <Box sx={{ mb: 2 }}>
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 1 }}>
        <Typography variant="h1" sx={{ flex: "1 1 200px", overflowWrap: "anywhere" }}>
          {words.name(job.run_number, job.name)}
        </Typography>
        {job.pipeline_id !== null && (
          <Button
            component="a"
            href={`#/pipelines/${encodeURIComponent(job.pipeline_id)}`}
            variant="outlined"
          >
            {words.openPipeline}
          </Button>
        )}
        <CopyLink jobId={job.id} />
      </Box>
      <Typography variant="body2" color="text.secondary">
        {place}
      </Typography>
      {job.note && <Typography sx={{ whiteSpace: "pre-wrap", mt: 0.5 }}>{job.note}</Typography>}
    </Box>
  );
}
