import Box from "@mui/material/Box";
import FormControlLabel from "@mui/material/FormControlLabel";
import Switch from "@mui/material/Switch";
import type { Finding } from "@/api/documents";
import { NumberInput } from "@/panel/form/NumberInput";
import { usePanel } from "@/panel/panel_facts";
import { withLog } from "@/panel/space/row_edits";
import type { RowForm, SpaceRow } from "@/panel/space/rows";
import { strings } from "@/strings";

const text = strings.panel.space;

/** What the inputs of a row take, whatever its kind. */
export interface RowInputsProps {
  row: SpaceRow;
  form: RowForm | undefined;
  label: string;
  /** Grey: suggested, not edited. */
  quiet: boolean;
  findings: readonly Finding[];
  onRow(row: SpaceRow): void;
}

type End = "low" | "high" | "step" | "grid_points";

/** A range: ends, step, scale; how many values a grid takes where the strategy needs a finite list. */
export function RangeInputs({ row, label, quiet, findings, onRow }: RowInputsProps) {
  const { readonly } = usePanel();
  const needsList = useNeedsLists();
  const shown: End[] = row.log ? ["low", "high"] : ["low", "high", "step"];
  if (row.kind === "float" && (needsList || typeof row.grid_points === "number")) shown.push("grid_points");
  return (
    <Box
      sx={{
        display: "grid",
        gridTemplateColumns: "repeat(auto-fill, minmax(88px, 1fr))",
        gap: 1,
        // From the top: a sentence below one field must not push the others down.
        alignItems: "start",
        "& input": quiet ? { color: "text.secondary", WebkitTextFillColor: "currentcolor" } : {},
      }}
    >
      {shown.map((end) => (
        <NumberInput
          key={end}
          label={text.ends[end]}
          spokenLabel={text.endOf(text.ends[end], label)}
          value={row[end]}
          disabled={readonly}
          placeholder={end === "step" && row.kind === "int" ? "1" : undefined}
          error={findings.some(
            (finding) => finding.severity === "error" && finding.pointer.endsWith(`/${end}`),
          )}
          onValue={(value) => onRow(withEnd(row, end, value))}
        />
      ))}
      <FormControlLabel
        control={
          <Switch
            size="small"
            checked={row.log === true}
            disabled={readonly}
            onChange={(_event, log) => onRow(withLog(row, log))}
            slotProps={{ input: { "aria-label": text.logOf(label) } }}
          />
        }
        label={text.log}
        title={text.logMeans}
        sx={{ m: 0, minHeight: 38, "& .MuiFormControlLabel-label": { fontSize: "0.8rem" } }}
      />
    </Box>
  );
}

function withEnd(row: SpaceRow, end: End, value: number | null): SpaceRow {
  if (value !== null || end === "low" || end === "high") return { ...row, [end]: value };
  const { [end]: _emptied, ...rest } = row;
  return rest as SpaceRow;
}

/** Whether the chosen strategy tries finite lists of values only. */
function useNeedsLists(): boolean {
  const { kind, config } = usePanel();
  const strategy = config["strategy"] as { name?: unknown } | undefined;
  const chosen = kind?.strategies?.find((each) => each.value === strategy?.name);
  return chosen?.supports.continuous === false;
}
