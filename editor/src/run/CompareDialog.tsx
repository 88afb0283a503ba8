import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import Typography from "@mui/material/Typography";
import type { Job, Report } from "@/api/documents";
import { useNodeKinds } from "@/api/queries";
import { useJob, useReport } from "@/api/job_queries";
import { durationText, numberText } from "@/graph/number_text";
import { bestSettings, type ComparedLine, differingSettings, incomparable } from "@/run/compare_runs";
import { isBetter } from "@/run/history_series";
import { plainTable } from "@/run/plain_table";
import { strings } from "@/strings";

const words = strings.run.compare;

/** Two runs side by side: scores with folds, best settings, and the settings that differ. */
export default function CompareDialog({ jobIds, onClose }: { jobIds: string[]; onClose: () => void }) {
  const [first, second] = [useJob(jobIds[0]), useJob(jobIds[1])];
  const [one, other] = [useReport(jobIds[0]), useReport(jobIds[1])];
  const failure = first.error ?? second.error;
  return (
    <Dialog open onClose={onClose} aria-labelledby="compare-title" maxWidth="md" fullWidth>
      <DialogTitle id="compare-title">{words.title}</DialogTitle>
      <DialogContent>
        {failure && <Alert severity="error">{failure.message}</Alert>}
        {first.data && second.data ? (
          <Compared jobs={[first.data, second.data]} reports={[one.data, other.data]} />
        ) : (
          !failure && <Typography role="status">{strings.run.loading}</Typography>
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={onClose}>{words.close}</Button>
      </DialogActions>
    </Dialog>
  );
}

interface ComparedProps {
  jobs: [Job, Job];
  reports: [Report | undefined, Report | undefined];
}

function Compared({ jobs, reports }: ComparedProps) {
  const why = incomparable(...jobs).map((reason) => words.why[reason]);
  const schema = useNodeKinds().data?.find((kind) => kind.strategies)?.config_schema;
  const settings = differingSettings(...jobs, schema);
  return (
    <Box sx={{ display: "flex", flexDirection: "column", gap: 2 }}>
      <Alert severity={why.length === 0 ? "success" : "warning"}>
        {why.length === 0 ? words.comparable : words.notComparable(why)}
      </Alert>
      <Lines title={words.results} jobs={jobs} lines={resultLines(jobs, reports, why.length === 0)} />
      <Lines title={words.parameters} jobs={jobs} lines={bestSettings(...jobs)} />
      {settings.length === 0 ? (
        <Typography>{words.same}</Typography>
      ) : (
        <Lines title={words.settings} jobs={jobs} lines={settings} />
      )}
    </Box>
  );
}

function resultLines(
  jobs: [Job, Job],
  reports: ComparedProps["reports"],
  canCompare: boolean,
): ComparedLine[] {
  const [one, other] = jobs.map((job) => job.best?.score ?? null);
  const scoreText = (score: number | null, rival: number | null) => {
    const isWinner =
      canCompare && score !== null && rival !== null && isBetter(score, rival, jobs[0].direction);
    return `${numberText(score)}${isWinner ? ` (${words.better})` : ""}`;
  };
  const both = (name: string, text: (job: Job, index: number) => string): ComparedLine => ({
    name,
    values: [text(jobs[0], 0), text(jobs[1], 1)],
  });
  return [
    { name: words.score, values: [scoreText(one, other), scoreText(other, one)] },
    both(words.folds, (_job, index) => foldsText(reports[index])),
    both(words.state, (job) => strings.run.status[job.status] ?? job.status),
    both(words.trials, (job) => String(job.progress.done)),
    both(words.duration, (_job, index) => durationText(reports[index]?.timing.seconds)),
  ];
}

function foldsText(report: Report | undefined): string {
  const { spread } = report ?? {};
  return spread ? strings.run.setup.range(numberText(spread.least), numberText(spread.greatest)) : "–";
}

function Lines({ title, jobs, lines }: { title: string; jobs: [Job, Job]; lines: ComparedLine[] }) {
  return (
    <section>
      <Typography variant="h3">{title}</Typography>
      <Box component="table" sx={plainTable}>
        <thead>
          <tr>
            <th scope="col">{words.what}</th>
            {jobs.map((job) => (
              <th scope="col" key={job.id} style={{ width: "34%" }}>
                {strings.run.name(job.run_number, job.name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.name}>
              <td>{line.name}</td>
              {line.values.map((value, index) => (
                <td key={jobs[index].id}>{value ?? words.absent}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </Box>
    </section>
  );
}
