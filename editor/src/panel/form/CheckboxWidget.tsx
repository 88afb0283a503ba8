import FormControlLabel from "@mui/material/FormControlLabel";
import Switch from "@mui/material/Switch";
import Typography from "@mui/material/Typography";
import { ariaDescribedByIds, descriptionId, type WidgetProps } from "@rjsf/utils";

/** On or off, with what it means underneath. */
export function CheckboxWidget(props: WidgetProps) {
  const { id, label, hideLabel, value, disabled, readonly, onChange, schema, options } = props;
  const description = options.description ?? schema.description;
  return (
    <>
      <FormControlLabel
        control={
          <Switch
            id={id}
            size="small"
            checked={(value ?? schema.default) === true}
            disabled={disabled || readonly}
            onChange={(_event, checked) => onChange(checked)}
            slotProps={{
              input: {
                "aria-describedby": ariaDescribedByIds(id),
                "aria-label": hideLabel ? label : undefined,
              },
            }}
          />
        }
        label={hideLabel ? "" : label}
        sx={{ minHeight: 28, ml: -0.5 }}
      />
      {description && (
        <Typography variant="caption" color="textSecondary" component="p" id={descriptionId(id)}>
          {description}
        </Typography>
      )}
    </>
  );
}
