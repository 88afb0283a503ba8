import Autocomplete from "@mui/material/Autocomplete";
import Box from "@mui/material/Box";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { ariaDescribedByIds, type WidgetProps } from "@rjsf/utils";
import type { HTMLAttributes, Key } from "react";
import type { Column } from "@/panel/columns";
import { usePanel } from "@/panel/panel_facts";
import { strings } from "@/strings";

const text = strings.panel.column;
const TARGET = "cfg_target";

/** A column of the connected table, with its type and why it does not fit; free text while the table is not known. */
export function ColumnWidget(props: WidgetProps) {
  return props.schema.type === "array" ? <SeveralColumns {...props} /> : <OneColumn {...props} />;
}

function OneColumn(props: WidgetProps) {
  const { id, value, disabled, readonly, onChange, options, schema } = props;
  const { columns, resolution } = usePanel();
  const known = new Map(columns.map((column) => [column.value, column]));
  const listed = options.enumOptions?.map((option) => option.value as string | null);
  const names = listed?.filter((name) => name !== null) ?? columns.map((column) => column.value);
  const empty = options.enumOptions?.find((option) => option.value === null)?.label;
  const isJudged = id === TARGET && resolution !== undefined;
  return (
    <Autocomplete
      id={id}
      freeSolo={names.length === 0}
      options={names}
      value={typeof value === "string" ? value : null}
      disabled={disabled || readonly}
      disableClearable={!takesNothing(schema.type)}
      onChange={(_event, next) => onChange(next)}
      onInputChange={(_event, next, reason) => {
        if (names.length === 0 && reason === "input") onChange(next === "" ? null : next);
      }}
      getOptionDisabled={(name) => isJudged && known.get(name)?.fits === false}
      renderOption={(item, name) => option(item, name, known.get(name), isJudged)}
      renderInput={(input) => <ColumnInput {...props} input={input} placeholder={empty} />}
    />
  );
}

function SeveralColumns(props: WidgetProps) {
  const { id, value, disabled, readonly, onChange } = props;
  const { columns } = usePanel();
  const known = new Map(columns.map((column) => [column.value, column]));
  return (
    <Autocomplete
      id={id}
      multiple
      freeSolo
      autoSelect
      options={columns.map((column) => column.value)}
      value={Array.isArray(value) ? (value as string[]) : []}
      disabled={disabled || readonly}
      onChange={(_event, next) => onChange([...new Set(next)])}
      renderOption={(item, name) => option(item, name, known.get(name), false)}
      renderInput={(input) => <ColumnInput {...props} input={input} placeholder={text.add} />}
    />
  );
}

type InputProps = WidgetProps & {
  input: Parameters<NonNullable<Parameters<typeof Autocomplete>[0]["renderInput"]>>[0];
};

function ColumnInput({ id, label, hideLabel, required, rawErrors, placeholder, input }: InputProps) {
  return (
    <TextField
      {...input}
      label={hideLabel ? undefined : label}
      required={required}
      error={(rawErrors?.length ?? 0) > 0}
      placeholder={placeholder}
      slotProps={{
        inputLabel: { ...input.InputLabelProps, shrink: true },
        input: input.InputProps,
        htmlInput: {
          ...input.inputProps,
          "aria-describedby": ariaDescribedByIds(id),
          "aria-label": hideLabel ? label : undefined,
        },
      }}
    />
  );
}

function option(
  item: HTMLAttributes<HTMLLIElement> & { key: Key },
  name: string,
  column: Column | undefined,
  isJudged: boolean,
) {
  const { key, ...rest } = item;
  return (
    <li key={key} {...rest}>
      <Box>
        <Typography variant="body2">{name}</Typography>
        {column && (
          <Typography variant="caption" color="textSecondary" component="p">
            {text.facts(column.dtype, column.distinct, column.missing)}
            {isJudged && column.reason ? ` ${column.reason}` : ""}
          </Typography>
        )}
      </Box>
    </li>
  );
}

function takesNothing(type: unknown): boolean {
  return Array.isArray(type) && type.includes("null");
}
