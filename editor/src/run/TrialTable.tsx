import Download from "@mui/icons-material/FileDownloadOutlined";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useDeferredValue, useMemo, useState } from "react";
import type { Job } from "@/api/documents";
import { jobPath } from "@/api/job_queries";
import { saveFrom } from "@/graph/saved_files";
import TrialGrid from "@/run/TrialGrid";
import { arranged, type Filter, parameterNames, type ShownTrial, type Sorting } from "@/run/trial_rows";
import { strings } from "@/strings";

const words = strings.run.trials;

interface Props {
  job: Job;
  trials: ShownTrial[];
  selected: number | null;
  onSelect: (trial: number) => void;
  /** The best candidate so far. */
  best: number | null;
}

/** Every candidate: searched, filtered, sorted, and as files. */
export default function TrialTable({ job, trials, selected, onSelect, best }: Props) {
  const [filter, setFilter] = useState<Filter>({ text: "", state: "" });
  const [sorting, setSorting] = useState<Sorting>({ column: "number", isDescending: false });
  const deferred = useDeferredValue(filter);
  const rows = useMemo(() => arranged(trials, deferred, sorting), [trials, deferred, sorting]);
  const params = useMemo(() => parameterNames(trials), [trials]);
  const states = useMemo(() => [...new Set(trials.map((trial) => trial.state))], [trials]);
  if (trials.length === 0) return <Typography color="text.secondary">{words.empty}</Typography>;
  return (
    <Box sx={{ display: "flex", flexDirection: "column", gap: 1, minHeight: 0 }}>
      <FilterBar filter={filter} states={states} onChange={setFilter} />
      <Box sx={{ display: "flex", flexWrap: "wrap", alignItems: "center", gap: 1 }}>
        <Typography variant="body2" role="status" sx={{ flex: 1 }}>
          {rows.length === 0 ? words.noMatch : words.shown(rows.length, trials.length)}
        </Typography>
        <DownloadButton job={job} format="csv" name={words.csv} />
        <DownloadButton job={job} format="parquet" name={words.parquet} />
      </Box>
      <TrialGrid
        rows={rows}
        params={params}
        sorting={sorting}
        onSort={setSorting}
        selected={selected}
        onSelect={onSelect}
        best={best}
      />
    </Box>
  );
}

function DownloadButton({ job, format, name }: { job: Job; format: string; name: string }) {
  return (
    <Button
      onClick={() => void saveFrom(jobPath(job.id, `/trials?format=${format}`))}
      startIcon={<Download fontSize="small" />}
      aria-label={words.download(name)}
    >
      {name}
    </Button>
  );
}

interface FilterBarProps {
  filter: Filter;
  states: string[];
  onChange: (filter: Filter) => void;
}

function FilterBar({ filter, states, onChange }: FilterBarProps) {
  return (
    <Box sx={{ display: "flex", flexWrap: "wrap", gap: 1 }}>
      <TextField
        label={words.search}
        placeholder={words.searchHelp}
        value={filter.text}
        onChange={(event) => onChange({ ...filter, text: event.target.value })}
        type="search"
        sx={{ flex: "1 1 180px" }}
      />
      <TextField
        label={words.state}
        value={filter.state}
        onChange={(event) => onChange({ ...filter, state: event.target.value })}
        select
        slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
        sx={{ flex: "0 1 150px", minWidth: 120 }}
      >
        <MenuItem value="">{words.every}</MenuItem>
        {states.map((state) => (
          <MenuItem key={state} value={state}>
            {words.states[state] ?? state}
          </MenuItem>
        ))}
      </TextField>
    </Box>
  );
}
