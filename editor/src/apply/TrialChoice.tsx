import Autocomplete, { createFilterOptions } from "@mui/material/Autocomplete";
import TextField from "@mui/material/TextField";
import { useMemo } from "react";
import type { TrialRow } from "@/api/trial_queries";
import { numberText } from "@/graph/number_text";
import { strings } from "@/strings";

const words = strings.apply;
/** So many are listed at once; of more, some letters of the number narrow the list. */
const LISTED = 60;
const filterOptions = createFilterOptions<Option>({ limit: LISTED });

interface Option {
  number: number;
  label: string;
}

interface Props {
  trials: TrialRow[];
  best: number;
  chosen: number;
  direction: string;
  onChoose: (trial: number) => void;
}

/** Which candidate to apply: the best, or any other that was scored on all folds and rows, better ones first. */
export default function TrialChoice({ trials, best, chosen, direction, onChoose }: Props) {
  const options = useMemo(() => optionsOf(trials, best, direction), [trials, best, direction]);
  const value = options.find((option) => option.number === chosen) ?? {
    number: chosen,
    label: words.best(chosen),
  };
  return (
    <Autocomplete
      options={options}
      value={value}
      onChange={(_event, option) => onChoose(option.number)}
      isOptionEqualToValue={(one, other) => one.number === other.number}
      filterOptions={filterOptions}
      disableClearable
      size="small"
      renderInput={(params) => <TextField {...params} label={words.which} />}
    />
  );
}

function optionsOf(trials: readonly TrialRow[], best: number, direction: string): Option[] {
  const sign = direction === "minimize" ? 1 : -1;
  const whole = trials.filter(
    (row) => row.state === "complete" && (row.resource ?? 1) >= 1 && row.score !== null,
  );
  const score = (row: TrialRow) => sign * (row.score ?? 0);
  const ordered = whole.sort(
    (one, other) => Number(other.number === best) - Number(one.number === best) || score(one) - score(other),
  );
  return ordered.map((row) => {
    const text = numberText(row.score);
    return {
      number: row.number,
      label: row.number === best ? `${words.best(best)}: ${text}` : words.option(row.number, text),
    };
  });
}
