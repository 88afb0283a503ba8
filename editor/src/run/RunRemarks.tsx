import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import type { Job, Report } from "@/api/documents";
import { strings } from "@/strings";

const words = strings.run.remarks;

interface Props {
  job: Job;
  report: Report | undefined;
  onSelect: (trial: number) => void;
}

/** What to know about the scores: why it failed, what makes scores optimistic, where ranges were too narrow. */
export default function RunRemarks({ job, report, onSelect }: Props) {
  const sentences = report === undefined ? [] : remarks(report);
  return (
    <Stack spacing={1}>
      {job.error && (
        // What happened is told above, where it says how the run ended.
        <Alert severity="error">{words.failedHelp[job.error.code] ?? words.failedOther}</Alert>
      )}
      {report !== undefined && report.failures.length > 0 && <Failures report={report} onSelect={onSelect} />}
      {sentences.length > 0 && (
        <Box component="section" aria-label={words.title}>
          <Typography variant="h3">{words.title}</Typography>
          <Box component="ul" sx={{ m: 0, pl: 2.5 }}>
            {sentences.map((sentence) => (
              <Typography component="li" variant="body2" key={sentence}>
                {sentence}
              </Typography>
            ))}
          </Box>
        </Box>
      )}
    </Stack>
  );
}

/** All sentences of a report that a reader of its scores should know, each once. */
export function remarks(report: Report): string[] {
  const ending = report.final && report.ending.reason !== null ? [report.ending.sentence] : [];
  const all = [
    ...report.labels.map((label) => label.sentence),
    ...report.hints.map((hint) => hint.sentence),
    report.evaluation.sentence,
    ...ending,
    ...report.notes.map((note) => note.sentence),
    ...report.warnings,
  ];
  return [...new Set(all.filter(Boolean))];
}

function Failures({ report, onSelect }: { report: Report; onSelect: (trial: number) => void }) {
  return (
    <Box component="section" aria-label={words.failures}>
      <Typography variant="h3">{words.failures}</Typography>
      <Typography variant="body2" color="text.secondary">
        {words.failureHelp}
      </Typography>
      {report.failures.map((failure) => (
        <Box key={failure.error} sx={{ borderLeft: 3, borderColor: "error.main", pl: 1, my: 0.5 }}>
          <Typography variant="body2" sx={{ overflowWrap: "anywhere" }}>
            {words.failed(failure.count)}: {failure.error}
          </Typography>
          {failure.trials.map((trial) => (
            <Button key={trial} onClick={() => onSelect(trial)} sx={{ minWidth: 32, minHeight: 24, py: 0 }}>
              #{trial}
            </Button>
          ))}
        </Box>
      ))}
    </Box>
  );
}
