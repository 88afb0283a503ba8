import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogContentText from "@mui/material/DialogContentText";
import DialogTitle from "@mui/material/DialogTitle";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import { lazy, Suspense, useState } from "react";
import type { Job } from "@/api/documents";
import { hasEnded, useJobVerb } from "@/api/job_queries";
import ResumeDialog from "@/run/ResumeDialog";
import type { Run } from "@/run/use_run";
import { strings } from "@/strings";

const ApplyDialog = lazy(() => import("@/apply/ApplyDialog"));
const words = strings.run;

/** What can be done with a run: finish or discard it while it goes on; apply it or go on with it afterwards. */
export default function RunActions({ run, onResumed }: { run: Run; onResumed: (started: Job) => void }) {
  return hasEnded(run.numbers.status) ? (
    <EndedActions run={run} onResumed={onResumed} />
  ) : (
    <LiveActions run={run} />
  );
}

function LiveActions({ run }: { run: Run }) {
  const [isAsking, setAsking] = useState(false);
  const stop = useJobVerb(run.job.id, "stop");
  const discard = useJobVerb(run.job.id, "cancel");
  const isStopping = run.numbers.status === "stopping" || run.job.stop_requested;
  const isLeaving = run.numbers.status === "cancelling";
  const failure = stop.error ?? discard.error;
  return (
    <Stack spacing={1}>
      <Action
        name={words.stop}
        help={isStopping && !isLeaving ? words.stopAsked : words.stopHelp}
        isDisabled={isStopping || isLeaving || stop.isPending}
        onClick={() => stop.mutate()}
        isMain
      />
      <Action
        name={words.discard}
        help={words.discardHelp}
        isDisabled={isLeaving || discard.isPending}
        onClick={() => setAsking(true)}
      />
      {failure && <Alert severity="error">{failure.message}</Alert>}
      <ConfirmDiscard
        isOpen={isAsking}
        onNo={() => setAsking(false)}
        onYes={() => {
          setAsking(false);
          discard.mutate();
        }}
      />
    </Stack>
  );
}

interface ActionProps {
  name: string;
  help: string;
  isDisabled: boolean;
  isMain?: boolean;
  onClick: () => void;
}

function Action({ name, help, isDisabled, isMain = false, onClick }: ActionProps) {
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: 1.5 }}>
      <Button
        variant="outlined"
        color={isMain ? "primary" : "error"}
        disabled={isDisabled}
        onClick={onClick}
        sx={{ minWidth: 168 }}
      >
        {name}
      </Button>
      <Typography variant="body2" color="text.secondary" sx={{ flex: "1 1 160px" }}>
        {help}
      </Typography>
    </Box>
  );
}

function ConfirmDiscard({ isOpen, onYes, onNo }: { isOpen: boolean; onYes: () => void; onNo: () => void }) {
  const asked = words.confirmDiscard;
  return (
    <Dialog open={isOpen} onClose={onNo} aria-labelledby="discard-title">
      <DialogTitle id="discard-title">{asked.title}</DialogTitle>
      <DialogContent>
        <DialogContentText>{asked.text}</DialogContentText>
      </DialogContent>
      <DialogActions>
        <Button onClick={onNo} autoFocus>
          {asked.no}
        </Button>
        <Button color="error" onClick={onYes}>
          {asked.yes}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function EndedActions({ run, onResumed }: { run: Run; onResumed: (started: Job) => void }) {
  const [open, setOpen] = useState<"apply" | "resume" | null>(null);
  const { job } = run;
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1 }}>
      {job.status === "succeeded" && (
        <Button variant="contained" onClick={() => setOpen("apply")}>
          {words.apply}
        </Button>
      )}
      <Button variant="outlined" onClick={() => setOpen("resume")}>
        {words.resume}
      </Button>
      {open === "apply" && (
        <Suspense fallback={null}>
          <ApplyDialog jobId={job.id} onClose={() => setOpen(null)} />
        </Suspense>
      )}
      {open === "resume" && <ResumeDialog job={job} onClose={() => setOpen(null)} onResumed={onResumed} />}
    </Box>
  );
}
