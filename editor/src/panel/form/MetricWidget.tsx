import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import { ariaDescribedByIds, type WidgetProps } from "@rjsf/utils";
import { usePanel } from "@/panel/panel_facts";
import { strings } from "@/strings";

const AUTO = "auto";

/** The metric to judge by: what "automatic" means here, and which ones are better when lower. */
export function MetricWidget(props: WidgetProps) {
  const { id, label, value, disabled, readonly, required, onChange, options, rawErrors } = props;
  const { resolution } = usePanel();
  const directions = new Map(resolution?.metrics.choices.map((choice) => [choice.value, choice.direction]));
  const auto = resolution?.metrics.auto;
  if (auto) directions.set(AUTO, auto.direction);
  return (
    <TextField
      select
      id={id}
      fullWidth
      label={label}
      required={required}
      disabled={disabled || readonly}
      error={(rawErrors?.length ?? 0) > 0}
      value={typeof value === "string" ? value : AUTO}
      onChange={(event) => onChange(event.target.value)}
      slotProps={{ select: { SelectDisplayProps: { "aria-describedby": ariaDescribedByIds(id) } } }}
    >
      {(options.enumOptions ?? []).map((option) => (
        <MenuItem key={String(option.value)} value={String(option.value)}>
          {directions.get(String(option.value)) === "minimize"
            ? `${option.label} (${strings.panel.summary.lowerIsBetter})`
            : option.label}
        </MenuItem>
      ))}
    </TextField>
  );
}
