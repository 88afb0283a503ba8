import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import CircularProgress from "@mui/material/CircularProgress";
import Stack from "@mui/material/Stack";
import Tab from "@mui/material/Tab";
import Tabs from "@mui/material/Tabs";
import { lazy, type ReactNode, Suspense, useId, useState } from "react";
import type { Report } from "@/api/documents";
import { useReport } from "@/api/job_queries";
import { useTrialFolds } from "@/api/trial_queries";
import FoldScores from "@/run/FoldScores";
import FrozenSetup from "@/run/FrozenSetup";
import HistoryPlot from "@/run/HistoryPlot";
import RunLog from "@/run/RunLog";
import RunRemarks from "@/run/RunRemarks";
import TrialTable from "@/run/TrialTable";
import type { Run } from "@/run/use_run";
import { strings } from "@/strings";

const ParametersView = lazy(() => import("@/run/ParametersView"));
const words = strings.run;
const TABS = ["progress", "trials", "parameters", "log", "setup"] as const;
type TabName = (typeof TABS)[number];

interface PartProps {
  run: Run;
  report: Report | undefined;
  selected: number | null;
  onSelect: (trial: number | null) => void;
}

/** The parts of a run below its head: scores, candidates, parameters, log, setup. */
export default function RunBody({ run }: { run: Run }) {
  const [tab, setTab] = useState<TabName>("progress");
  const [selected, select] = useState<number | null>(null);
  const report = useReport(run.job.id);
  const id = useId();
  const part = { run, report: report.data, selected, onSelect: select };
  return (
    <Box sx={{ minWidth: 0 }}>
      <Tabs
        value={tab}
        onChange={(_event, chosen: TabName) => setTab(chosen)}
        aria-label={words.tabsLabel}
        variant="scrollable"
        scrollButtons="auto"
        sx={{
          minHeight: 36,
          borderBottom: 1,
          borderColor: "divider",
          "& .MuiTabs-scrollButtons.Mui-disabled": { display: "none" },
          "& .MuiTab-root": { minHeight: 36, minWidth: 0, px: 1.25 },
        }}
      >
        {TABS.map((name) => (
          <Tab
            key={name}
            value={name}
            label={words.tabs[name]}
            id={`${id}-${name}`}
            aria-controls={`${id}-panel`}
          />
        ))}
      </Tabs>
      <Box role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`} sx={{ pt: 1.5 }}>
        {run.trialsFailed && <Alert severity="error">{run.trialsFailed.message}</Alert>}
        {PARTS[tab](part)}
      </Box>
    </Box>
  );
}

const PARTS: Record<TabName, (part: PartProps) => ReactNode> = {
  progress: (part) => <Progress {...part} />,
  trials: (part) => <Trials {...part} />,
  parameters: ({ report, selected, onSelect }) =>
    report === undefined ? (
      <Waiting />
    ) : (
      <Suspense fallback={<Waiting />}>
        <ParametersView report={report} selected={selected} onSelect={onSelect} />
      </Suspense>
    ),
  log: ({ run }) => <RunLog jobId={run.job.id} live={run.isLive ? run.live : null} />,
  setup: ({ run, report }) => <FrozenSetup job={run.job} evaluation={report?.evaluation.sentence} />,
};

function Waiting() {
  return (
    <Box role="status" sx={{ display: "grid", placeItems: "center", minHeight: 120 }}>
      <CircularProgress size={24} aria-label={words.loading} />
    </Box>
  );
}

function Progress({ run, report, selected, onSelect }: PartProps) {
  const { job, trials } = run;
  const folds = useTrialFolds(job.id, selected);
  const baseline = trials.find((trial) => trial.number === 0)?.score ?? null;
  return (
    <Stack spacing={1.5}>
      <HistoryPlot
        trials={trials}
        metric={job.metric}
        direction={job.direction}
        hasEnded={!run.isLive}
        rungs={report?.rungs ?? NO_RUNGS}
        baseline={baseline}
        selected={selected}
        folds={folds.data ?? NO_FOLDS}
        onSelect={onSelect}
      />
      <Selected run={run} selected={selected} onSelect={onSelect} />
      <RunRemarks job={job} report={report} onSelect={onSelect} />
    </Stack>
  );
}

const NO_RUNGS: Report["rungs"] = [];
const NO_FOLDS: never[] = [];

function Selected({ run, selected, onSelect }: Omit<PartProps, "report">) {
  const folds = useTrialFolds(run.job.id, selected);
  return (
    <FoldScores
      job={run.job}
      trial={run.trials.find((trial) => trial.number === selected)}
      folds={folds.data}
      onClose={() => onSelect(null)}
    />
  );
}

function Trials({ run, selected, onSelect }: PartProps) {
  return (
    <Stack spacing={1.5}>
      <TrialTable
        job={run.job}
        trials={run.trials}
        selected={selected}
        onSelect={onSelect}
        best={run.numbers.best?.trial ?? null}
      />
      <Selected run={run} selected={selected} onSelect={onSelect} />
    </Stack>
  );
}
