import DeleteIcon from "@mui/icons-material/DeleteOutlined";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import MenuItem from "@mui/material/MenuItem";
import Switch from "@mui/material/Switch";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useId } from "react";
import type { Finding } from "@/api/documents";
import { isAtOrBelow, pointerOf } from "@/panel/facts/pointers";
import { FindingNotes } from "@/panel/FindingNotes";
import { useModelFields } from "@/panel/model_fields";
import { usePanel } from "@/panel/panel_facts";
import { hintText } from "@/panel/space/bounds_text";
import { ChoiceInputs } from "@/panel/space/ChoiceInputs";
import { choiceText } from "@/panel/space/choice_text";
import { exampleValues } from "@/panel/space/example_values";
import { RangeInputs } from "@/panel/space/RangeInputs";
import { formOf, type RowKind, type SpaceRow } from "@/panel/space/rows";
import type { RowView } from "@/panel/space/row_views";
import { ScaleSketch } from "@/panel/space/ScaleSketch";
import { strings } from "@/strings";

const text = strings.panel.space;

interface Props {
  view: RowView;
  onRow(row: SpaceRow): void;
  onSwitch(on: boolean): void;
  onKind(kind: RowKind): void;
  onSuggested(): void;
  onRemove(): void;
}

/** One parameter: whether it is searched, and over what; off, the value that it keeps. */
export function SpaceRowCard(props: Props) {
  const { view, onSwitch } = props;
  const { readonly } = usePanel();
  const titleId = useId();
  const findings = useRowFindings(view.index);
  const isOn = view.state !== "off";
  return (
    <Box component="li" aria-labelledby={titleId} sx={{ borderTop: 1, borderColor: "divider", py: 0.75 }}>
      <Box sx={{ display: "flex", alignItems: "center", gap: 0.5, flexWrap: "wrap" }}>
        <Switch
          size="small"
          checked={isOn}
          disabled={readonly}
          onChange={(_event, on) => onSwitch(on)}
          slotProps={{ input: { "aria-label": text.search(view.label) } }}
        />
        <Typography
          variant="body2"
          component="h5"
          id={titleId}
          sx={{ fontWeight: 600 }}
          title={view.parameter?.description}
        >
          {view.label}
        </Typography>
        <Typography
          variant="caption"
          color="textSecondary"
          sx={{ flex: 1, minWidth: 64, "&:empty": { minWidth: 0 } }}
        >
          {stateText(view)}
        </Typography>
        <RowTools {...props} />
      </Box>
      {isOn && <RowBody {...props} findings={findings} />}
      <FindingNotes findings={findings} />
    </Box>
  );
}

function stateText(view: RowView): string {
  if (view.parameter === null) return text.notOfModel;
  if (view.state === "suggested") return text.suggested;
  if (view.state === "edited") return "";
  return view.held === undefined ? text.off : text.fixedAt(choiceText(view.held));
}

function RowTools({ view, onKind, onSuggested, onRemove }: Props) {
  const { readonly } = usePanel();
  const { parameter, state, index } = view;
  const isStranger = parameter === null || view.key !== view.name;
  if (readonly) return null;
  if (isStranger) {
    return index === null ? null : (
      <IconButton aria-label={text.remove(view.label)} title={text.remove(view.label)} onClick={onRemove}>
        <DeleteIcon fontSize="small" />
      </IconButton>
    );
  }
  if (state === "off") return null;
  return (
    <>
      {state === "edited" && parameter.suggested && (
        <Button variant="text" onClick={onSuggested} aria-label={text.useSuggestedFor(view.label)}>
          {text.useSuggested}
        </Button>
      )}
      {parameter.forms.length > 1 && (
        <TextField
          select
          variant="standard"
          value={view.row.kind}
          onChange={(event) => onKind(event.target.value as RowKind)}
          slotProps={{
            select: { SelectDisplayProps: { "aria-label": text.kindOf(view.label) }, disableUnderline: true },
          }}
          sx={{ ml: "auto", "& .MuiSelect-select": { fontSize: "0.8rem" } }}
        >
          {parameter.forms.map((form) => (
            <MenuItem key={form.kind} value={form.kind}>
              {form.words}
            </MenuItem>
          ))}
        </TextField>
      )}
    </>
  );
}

function RowBody({ view, onRow, findings }: Props & { findings: readonly Finding[] }) {
  const { resolution } = usePanel();
  const { row, parameter, state } = view;
  const standard = useModelFields(resolution?.model?.key)?.defaults[view.name];
  const form = formOf(parameter, row.kind);
  const hint = hintText(form, view.held, standard);
  const Inputs = row.kind === "categorical" ? ChoiceInputs : RangeInputs;
  return (
    <Box sx={{ pl: { xs: 0, sm: 1 }, pt: 0.75 }}>
      <Inputs
        row={row}
        form={form}
        label={view.label}
        quiet={state === "suggested"}
        findings={findings}
        onRow={onRow}
      />
      {row.kind !== "categorical" && <ScaleSketch examples={exampleValues(row)} />}
      {hint !== "" && (
        <Typography variant="caption" color="textSecondary" component="p">
          {hint}
        </Typography>
      )}
    </Box>
  );
}

/** Errors and warnings of a saved row, wherever in it they are. */
function useRowFindings(index: number | null): Finding[] {
  const { findings } = usePanel();
  if (index === null) return [];
  const place = pointerOf(["search_space", index]);
  return [...findings.byPointer].flatMap(([pointer, found]) => (isAtOrBelow(pointer, place) ? found : []));
}
