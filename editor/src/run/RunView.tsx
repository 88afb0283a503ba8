import Stack from "@mui/material/Stack";
import type { Job } from "@/api/documents";
import RunActions from "@/run/RunActions";
import RunBody from "@/run/RunBody";
import RunHead from "@/run/RunHead";
import { useRun } from "@/run/use_run";

/** One run, whole: how it is, what can be done with it, and its parts. */
export default function RunView({ job, onResumed }: { job: Job; onResumed: (started: Job) => void }) {
  const run = useRun(job);
  return (
    <Stack spacing={2}>
      <RunHead run={run} />
      <RunActions run={run} onResumed={onResumed} />
      <RunBody run={run} />
    </Stack>
  );
}
