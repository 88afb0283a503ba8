import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import CircularProgress from "@mui/material/CircularProgress";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogTitle from "@mui/material/DialogTitle";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import useMediaQuery from "@mui/material/useMediaQuery";
import { useId, useMemo, useState } from "react";
import { Problem } from "@/api/client";
import type { Job } from "@/api/documents";
import { useJob, useReport } from "@/api/job_queries";
import { useTrials } from "@/api/trial_queries";
import { isGone, nodesOf, type PreviewRow, requestsOf, type Taken } from "@/apply/apply_choice";
import { usePreview } from "@/apply/apply_requests";
import ApplyWarnings from "@/apply/ApplyWarnings";
import AppliedBefore from "@/apply/AppliedBefore";
import ParameterRows from "@/apply/ParameterRows";
import TrialChoice from "@/apply/TrialChoice";
import TrialScore from "@/apply/TrialScore";
import { useApply } from "@/apply/use_apply";
import { useSavedFirst } from "@/apply/use_saved_first";
import { strings } from "@/strings";

const words = strings.apply;

interface Props {
  jobId: string;
  /** Number of the candidate; left out: the best one. */
  trial?: number;
  onClose: () => void;
}

/** Before and after of every value, what to think of the score, and the button that writes it. */
export default function ApplyDialog({ jobId, trial, onClose }: Props) {
  const job = useJob(jobId);
  const isNarrow = useMediaQuery("(max-width: 600px)");
  const titleId = useId();
  return (
    <Dialog open onClose={onClose} aria-labelledby={titleId} maxWidth="sm" fullWidth fullScreen={isNarrow}>
      {job.data ? (
        <Loaded job={job.data} first={trial ?? null} titleId={titleId} onClose={onClose} />
      ) : (
        <>
          <DialogTitle id={titleId}>{job.error ? words.failed : words.loading}</DialogTitle>
          <DialogContent>
            {job.error ? (
              <Alert severity="error">{job.error.message}</Alert>
            ) : (
              <CircularProgress aria-label={words.loading} />
            )}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{words.cancel}</Button>
          </DialogActions>
        </>
      )}
    </Dialog>
  );
}

interface LoadedProps {
  job: Job;
  first: number | null;
  titleId: string;
  onClose: () => void;
}

/** What the dialog knows and what was chosen in it; `trial` null is the best. */
function useChosen({ job, first, onClose }: LoadedProps) {
  const best = job.best?.trial ?? 0;
  const [trial, setTrial] = useState<number | null>(first === best ? null : first);
  const [taken, setTaken] = useState<Taken>({});
  const saved = useSavedFirst(job.pipeline_id);
  const preview = usePreview(job.id, trial, saved === "saved");
  const rows = preview.data ?? NO_ROWS;
  const nodes = useMemo(() => nodesOf(rows), [rows]);
  const requests = requestsOf(nodes, taken, trial);
  const apply = useApply(job, { trial, rows, nodes, requests }, onClose);
  const choose = (number: number) => {
    setTrial(number === best ? null : number);
    setTaken({});
  };
  const take = (key: string, is: boolean) => setTaken({ ...taken, [key]: is });
  const hasNews = nodes.some((node) => node.model?.changed || node.parameters.some((row) => row.changed));
  return { best, trial, taken, saved, preview, nodes, requests, apply, choose, take, hasNews };
}

const NO_ROWS: PreviewRow[] = [];

function Loaded(props: LoadedProps) {
  const { job, titleId, onClose } = props;
  const chosen = useChosen(props);
  const { apply, preview, requests } = chosen;
  const number = chosen.trial ?? chosen.best;
  const isChoice = preview.isSuccess && chosen.hasNews && !chosen.nodes.every(isGone);
  const isEmpty = isChoice && requests.length === 0;
  return (
    <>
      <DialogTitle id={titleId}>{words.title(words.run(job.run_number), number)}</DialogTitle>
      <DialogContent>
        <Content job={job} chosen={chosen} />
      </DialogContent>
      <DialogActions>
        {isEmpty && (
          <Typography variant="body2" color="text.secondary" sx={{ mr: "auto" }}>
            {words.nothingChosen}
          </Typography>
        )}
        <Button onClick={onClose}>{words.cancel}</Button>
        <Button
          variant="contained"
          disabled={requests.length === 0 || apply.isApplying}
          onClick={() => void apply.run()}
        >
          {apply.isApplying ? words.applying : words.apply}
        </Button>
      </DialogActions>
    </>
  );
}

function Content({ job, chosen }: { job: Job; chosen: ReturnType<typeof useChosen> }) {
  const { trial, best, preview, saved, nodes, taken } = chosen;
  const report = useReport(job.id);
  const trials = useTrials(job.id, false);
  const number = trial ?? best;
  const isLooking = saved === "saving" || (saved === "saved" && preview.isPending);
  return (
    <Stack spacing={1.5} sx={{ pt: 1 }}>
      <TrialChoice
        trials={trials.data ?? []}
        best={best}
        chosen={number}
        direction={job.direction}
        onChoose={chosen.choose}
      />
      <TrialScore
        job={job}
        report={report.data}
        row={trials.data?.find((row) => row.number === number)}
        isBest={trial === null}
      />
      <AppliedBefore job={job} />
      {saved === "failed" && <Alert severity="error">{words.saveFailed}</Alert>}
      {preview.error && <Alert severity="error">{previewSentence(preview.error)}</Alert>}
      {isLooking && <Looking />}
      {preview.isSuccess && !chosen.hasNews && <Alert severity="info">{words.nothing}</Alert>}
      {nodes.map((node) => (
        <ParameterRows key={node.nodeId} node={node} taken={taken} onTake={chosen.take} />
      ))}
      <ApplyWarnings job={job} report={report.data} isBest={trial === null} />
      {chosen.apply.failure && <Alert severity="error">{chosen.apply.failure}</Alert>}
    </Stack>
  );
}

function previewSentence(error: Error): string {
  return error instanceof Problem && error.code === "no_targets" ? words.noTargets : error.message;
}

function Looking() {
  return (
    <Typography role="status" color="text.secondary">
      {words.loading}
    </Typography>
  );
}
