import Box from "@mui/material/Box";
import Checkbox from "@mui/material/Checkbox";
import Chip from "@mui/material/Chip";
import FormControlLabel from "@mui/material/FormControlLabel";
import MenuItem from "@mui/material/MenuItem";
import TextField from "@mui/material/TextField";
import { type ClipboardEvent, useState } from "react";
import type { Scalar } from "@/panel/facts/json";
import { usePanel } from "@/panel/panel_facts";
import { choiceText, choiceTypes, readChoice, sameChoice, splitValues } from "@/panel/space/choice_text";
import type { RowInputsProps } from "@/panel/space/RangeInputs";
import type { SpaceRow } from "@/panel/space/rows";
import { strings } from "@/strings";

const text = strings.panel.space;

/** The values to choose from: a box each where they are a fixed list, else a list to add to, one at a time or pasted. */
export function ChoiceInputs(props: RowInputsProps) {
  const { row, form } = props;
  const listed = form?.schema.properties?.["choices"]?.items?.enum as Scalar[] | undefined;
  return (
    <>
      {listed ? <ListedChoices {...props} listed={listed} /> : <FreeChoices {...props} />}
      <NumberTypeSelect {...props} row={row} />
    </>
  );
}

function ListedChoices({ row, label, listed, quiet, onRow }: RowInputsProps & { listed: Scalar[] }) {
  const { readonly } = usePanel();
  const chosen = row.choices ?? [];
  // A saved value that is not in the list stays to be seen, and to be taken out.
  const shown = [...listed, ...chosen.filter((value) => !listed.some((item) => sameChoice(item, value)))];
  const toggled = (value: Scalar) => shown.filter((item) => has(chosen, item) !== sameChoice(item, value));
  return (
    <Box
      role="group"
      aria-label={text.valuesOf(label)}
      sx={{ display: "flex", flexWrap: "wrap", columnGap: 1.5 }}
    >
      {shown.map((value) => (
        <FormControlLabel
          key={choiceText(value)}
          control={
            <Checkbox
              size="small"
              sx={{ p: 0.5 }}
              checked={has(chosen, value)}
              disabled={readonly}
              onChange={() => onRow({ ...row, choices: toggled(value) })}
            />
          }
          label={choiceText(value)}
          sx={{ ml: -0.5, mr: 0, "& .MuiFormControlLabel-label": labelStyle(quiet) }}
        />
      ))}
    </Box>
  );
}

function FreeChoices({ row, form, label, quiet, onRow }: RowInputsProps) {
  const { readonly } = usePanel();
  const chosen = row.choices ?? [];
  const types = choiceTypes(form?.schema.properties?.["choices"]?.items);
  const add = (values: Scalar[]) => {
    const fresh = values.filter((value, at) => !has(chosen, value) && !has(values.slice(0, at), value));
    if (fresh.length > 0) onRow({ ...row, choices: [...chosen, ...fresh] });
  };
  return (
    <Box role="group" aria-label={text.valuesOf(label)}>
      <Box sx={{ display: "flex", flexWrap: "wrap", gap: 0.5, mb: 0.75 }}>
        {chosen.map((value, index) => (
          <Chip
            key={choiceText(value)}
            size="small"
            variant="outlined"
            label={choiceText(value)}
            aria-label={readonly ? undefined : text.removeValue(choiceText(value))}
            sx={{ minHeight: 26, "& .MuiChip-label": labelStyle(quiet) }}
            onDelete={
              readonly
                ? undefined
                : () => onRow({ ...row, choices: chosen.filter((_item, at) => at !== index) })
            }
          />
        ))}
      </Box>
      {!readonly && <ChoiceInput types={types.size > 0 ? types : ANY} label={label} onValues={add} />}
    </Box>
  );
}

const ANY = new Set(["string", "number", "boolean", "null"]);

interface ChoiceInputProps {
  types: ReadonlySet<string>;
  label: string;
  onValues(values: Scalar[]): void;
}

/** Adds a value by Enter; a pasted column or list adds all of its values. */
function ChoiceInput({ types, label, onValues }: ChoiceInputProps) {
  const [typed, setTyped] = useState("");
  const [refused, setRefused] = useState("");
  const add = (parts: string[]): boolean => {
    const read = parts.map((part) => readChoice(part, types));
    const at = read.indexOf(undefined);
    setRefused(at < 0 ? "" : text.notAValue(parts[at]));
    if (at >= 0 || parts.length === 0) return false;
    onValues(read.filter((value) => value !== undefined));
    return true;
  };
  const addTyped = () => {
    if (add(typed.trim() === "" ? [] : [typed])) setTyped("");
  };
  const paste = (event: ClipboardEvent) => {
    const parts = splitValues(event.clipboardData.getData("text"));
    if (parts.length < 2) return;
    event.preventDefault();
    add(parts);
  };
  return (
    <TextField
      fullWidth
      label={text.addValue}
      value={typed}
      error={refused !== ""}
      helperText={refused || text.addValueHow}
      onChange={(event) => setTyped(event.target.value)}
      onPaste={paste}
      onBlur={addTyped}
      onKeyDown={(event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        addTyped();
      }}
      slotProps={{ htmlInput: { "aria-label": text.addValueTo(label), autoComplete: "off" } }}
    />
  );
}

/** Whether numbers among the choices are counts or shares, for parameters that take both. */
function NumberTypeSelect({ row, form, onRow }: RowInputsProps) {
  const { readonly } = usePanel();
  const part = form?.schema.properties?.["number_type"];
  if (row.kind !== "categorical" || (part?.enum?.length ?? 0) < 2) return null;
  return (
    <TextField
      select
      fullWidth
      label={part?.title}
      value={row.number_type ?? ""}
      disabled={readonly}
      sx={{ mt: 1 }}
      onChange={(event) =>
        onRow({ ...row, number_type: (event.target.value || null) as SpaceRow["number_type"] })
      }
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
    >
      <MenuItem value="int">{text.counts}</MenuItem>
      <MenuItem value="float">{text.shares}</MenuItem>
      <MenuItem value="">{text.bySize}</MenuItem>
    </TextField>
  );
}

function has(values: readonly Scalar[], value: Scalar): boolean {
  return values.some((item) => sameChoice(item, value));
}

function labelStyle(quiet: boolean) {
  return { fontSize: "0.82rem", fontFamily: "monospace", ...(quiet ? { color: "text.secondary" } : {}) };
}
