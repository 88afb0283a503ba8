import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useQuery } from "@tanstack/react-query";
import { ask } from "@/api/client";
import { jobPath } from "@/api/job_queries";
import type { EventPage } from "@/run/follow_job";
import { type LogLine, NOTHING_YET, type RunState, withEvents } from "@/run/run_state";
import { strings } from "@/strings";

const words = strings.run.log;
const COLORS = { info: "text.primary", warning: "warning.main", error: "error.main" } as const;

interface Props {
  jobId: string;
  /** The lines so far of a run that goes on; null reads those of one that has ended. */
  live: RunState | null;
}

/** What happened, line by line. */
export default function RunLog({ jobId, live }: Props) {
  const stored = useStoredLog(jobId, live === null);
  const lines = live === null ? stored.data : live.log;
  if (stored.isError) return <Typography color="error">{stored.error.message}</Typography>;
  if (lines === undefined) return <Typography color="text.secondary">{words.loading}</Typography>;
  if (lines.length === 0) return <Typography color="text.secondary">{words.empty}</Typography>;
  return (
    <Box role="log" aria-label={words.label} tabIndex={0} sx={{ maxHeight: 480, overflow: "auto" }}>
      <Box component="ol" sx={{ listStyle: "none", p: 0, m: 0 }}>
        {lines.map((line) => (
          <Line key={line.seq} line={line} />
        ))}
      </Box>
    </Box>
  );
}

function Line({ line }: { line: LogLine }) {
  return (
    <Box component="li" sx={{ display: "flex", gap: 1, py: 0.25 }}>
      <Typography
        component="time"
        dateTime={line.at}
        variant="body2"
        color="text.secondary"
        sx={{ flex: "none", fontVariantNumeric: "tabular-nums" }}
      >
        {new Date(line.at).toLocaleTimeString()}
      </Typography>
      <Typography variant="body2" sx={{ color: COLORS[line.level], overflowWrap: "anywhere", minWidth: 0 }}>
        {lineText(line)}
      </Typography>
    </Box>
  );
}

/** A line in words; what has words of its own keeps them, and an unknown kind of line is shown by its name. */
export function lineText({ type, data }: LogLine): string {
  const own = typeof data.message === "string" ? data.message : null;
  return words.lines[type]?.(data) ?? own ?? type;
}

/** All events of a job that has ended, read page by page when the log is first shown. */
function useStoredLog(jobId: string, enabled: boolean) {
  return useQuery({
    queryKey: ["log", jobId],
    enabled,
    queryFn: async ({ signal }) => {
      let state = NOTHING_YET;
      for (;;) {
        const path = jobPath(jobId, `/events?wait=0&after=${state.seq}`);
        const page = (await ask<EventPage>(path, { signal })).body;
        if (page.items.length === 0) return state.log;
        state = withEvents(state, page.items);
      }
    },
  });
}
