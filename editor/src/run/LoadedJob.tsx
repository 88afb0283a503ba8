import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import CircularProgress from "@mui/material/CircularProgress";
import type { ReactNode } from "react";
import { Problem } from "@/api/client";
import type { Job } from "@/api/documents";
import { useJob } from "@/api/job_queries";
import { strings } from "@/strings";

const words = strings.run;

/** Shows a job once it is loaded; before that, that it is on the way, or why it is not. */
export default function LoadedJob({ jobId, children }: { jobId: string; children: (job: Job) => ReactNode }) {
  const job = useJob(jobId);
  if (job.data) return children(job.data);
  if (job.error) {
    const isMissing = job.error instanceof Problem && job.error.status === 404;
    const again = (
      <Button color="inherit" onClick={() => void job.refetch()}>
        {words.tryAgain}
      </Button>
    );
    return (
      <Alert severity="error" action={isMissing ? undefined : again}>
        {isMissing ? words.notFound : `${words.failedToLoad}: ${job.error.message}`}
      </Alert>
    );
  }
  return (
    <Box role="status" sx={{ display: "grid", placeItems: "center", minHeight: 160 }}>
      <CircularProgress size={28} aria-label={words.loading} />
    </Box>
  );
}
