import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import type { FieldProps } from "@rjsf/utils";
import { lazy, Suspense, useMemo, useState } from "react";
import type { Schema } from "@/panel/facts/schema";
import type { Scalar } from "@/panel/facts/json";
import { FindingNotes } from "@/panel/FindingNotes";
import { useModelFields } from "@/panel/model_fields";
import { type PanelFacts, usePanel } from "@/panel/panel_facts";
import { type Parameter, parametersOf, type SpaceRow } from "@/panel/space/rows";
import { rowViews, suggestedRows } from "@/panel/space/row_views";
import { SpaceRows } from "@/panel/space/SpaceRows";
import { strings } from "@/strings";

const text = strings.panel.space;
const PasteDialog = lazy(async () => ({ default: (await import("@/panel/space/PasteDialog")).PasteDialog }));

interface Fixed {
  name: string;
  value: Scalar;
}

/** The search space as a table: one row a parameter of the model, suggested rows grey until one is edited. */
export function SearchSpaceField({ formData, onChange, fieldPathId, schema }: FieldProps) {
  const panel = usePanel();
  const [pasting, setPasting] = useState(false);
  const rows = useMemo(() => (Array.isArray(formData) ? (formData as SpaceRow[]) : []), [formData]);
  const { parameters, fixed } = useParameters(panel);
  const views = rowViews(rows, parameters, fixed);
  const suggested = suggestedRows(parameters, fixed);
  const change = (next: SpaceRow[]) => onChange(next, fieldPathId.path);
  const model = panel.resolution?.model;

  return (
    <Box role="group" aria-labelledby="panel-space-title">
      <SpaceHead
        isSuggested={rows.length === 0}
        canEdit={!panel.readonly}
        onSuggested={() => change([])}
        onPaste={() => setPasting(true)}
        model={model?.label}
        title={schema.title ?? text.title}
      />
      <FindingNotes
        findings={panel.findings.byPointer.get("/search_space") ?? []}
        id={`${fieldPathId.$id}__error`}
      />
      {panel.resolution && parameters.length === 0 && views.length === 0 && (
        <Alert severity="info" variant="outlined" icon={false} sx={{ mt: 1 }}>
          {model ? text.nothingToSearch(model.label) : text.noModel}
        </Alert>
      )}
      <SpaceRows views={views} rows={rows} suggested={suggested} onRows={change} />
      <SuggestionNotes notes={rows.length === 0 ? (panel.resolution?.suggestion_notes ?? []) : []} />
      {pasting && (
        <Suspense>
          <PasteDialog parameters={parameters} onRows={change} onClose={() => setPasting(false)} />
        </Suspense>
      )}
    </Box>
  );
}

function useParameters({ resolution, config }: PanelFacts): { parameters: Parameter[]; fixed: Fixed[] } {
  const names = useModelFields(resolution?.model?.key)?.fields;
  const parts = (resolution?.config_schema as Schema | undefined)?.properties;
  const suggested = resolution?.suggested_search_space;
  const parameters = useMemo(
    () =>
      parametersOf(
        parts?.["search_space"],
        parts?.["fixed_params"],
        suggested ?? [],
        names?.map((field) => field.name),
      ),
    [parts, suggested, names],
  );
  const fixed = Array.isArray(config["fixed_params"]) ? (config["fixed_params"] as unknown as Fixed[]) : [];
  return { parameters, fixed };
}

interface HeadProps {
  title: string;
  model: string | undefined;
  isSuggested: boolean;
  canEdit: boolean;
  onSuggested(): void;
  onPaste(): void;
}

function SpaceHead({ title, model, isSuggested, canEdit, onSuggested, onPaste }: HeadProps) {
  return (
    <Box>
      <Typography variant="body2" component="h4" id="panel-space-title" sx={{ fontWeight: 600 }}>
        {title}
      </Typography>
      <Typography variant="caption" color="textSecondary" component="p">
        {isSuggested ? (model ? text.suggestedFor(model) : text.empty) : text.edited}
      </Typography>
      {canEdit && (
        <Stack direction="row" spacing={1} useFlexGap sx={{ my: 0.75, flexWrap: "wrap" }}>
          <Button variant="outlined" disabled={isSuggested} onClick={onSuggested}>
            {text.useSuggestedAll}
          </Button>
          <Button variant="outlined" onClick={onPaste}>
            {text.paste}
          </Button>
        </Stack>
      )}
    </Box>
  );
}

function SuggestionNotes({ notes }: { notes: readonly string[] }) {
  return notes.map((note) => (
    <Typography key={note} variant="caption" color="textSecondary" component="p">
      {note}
    </Typography>
  ));
}
