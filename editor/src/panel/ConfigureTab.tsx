import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import LinearProgress from "@mui/material/LinearProgress";
import Skeleton from "@mui/material/Skeleton";
import Stack from "@mui/material/Stack";
import { useMemo } from "react";
import type { Descriptor, Resolution } from "@/api/documents";
import { useCanvas } from "@/graph/canvas_store";
import { Checklist } from "@/panel/Checklist";
import type { JsonObject } from "@/panel/facts/json";
import { type Schema, tagsOf } from "@/panel/facts/schema";
import { followedStrategy } from "@/panel/facts/stored_config";
import { GeneralNotes } from "@/panel/FindingNotes";
import { ConfigForm } from "@/panel/form/ConfigForm";
import { withDiscriminators, withKeptBranches, withOpaqueRows } from "@/panel/form/form_schema";
import { withKeptUi, withRoles } from "@/panel/form/roles";
import { usePanel } from "@/panel/panel_facts";
import type { Failure } from "@/panel/tuning_facts";
import { strings } from "@/strings";

/** What is still missing, what was found about the whole, and the form. */
export function ConfigureTab({ failure }: { failure: Failure | null }) {
  const { nodeId, kind, config, findings, resolution } = usePanel();
  const setConfig = useCanvas((state) => state.setConfig);
  const form = useForm(kind, resolution, config);
  const edit = (next: JsonObject) =>
    setConfig(nodeId, followedStrategy(config, next, kind?.strategy_defaults));
  return (
    <Stack spacing={2}>
      <Checklist todos={findings.todos} />
      {failure && <Failed failure={failure} />}
      {!resolution && !failure && (
        <LinearProgress
          aria-label={strings.panel.fitting}
          sx={{ position: "absolute", top: 0, left: 0, right: 0, "&&": { m: 0 } }}
        />
      )}
      <GeneralNotes findings={findings.general} />
      {form ? (
        <ConfigForm
          key={form.key}
          schema={form.schema}
          uiSchema={form.uiSchema}
          data={config}
          onEdit={edit}
        />
      ) : (
        <Stack spacing={1} aria-label={strings.panel.loading}>
          {[1, 2, 3, 4].map((line) => (
            <Skeleton key={line} variant="rounded" height={40} />
          ))}
        </Stack>
      )}
    </Stack>
  );
}

function Failed({ failure }: { failure: Failure }) {
  const again = (
    <Button color="inherit" onClick={failure.retry}>
      {strings.app.tryAgain}
    </Button>
  );
  return (
    <Alert severity="error" action={again}>
      {strings.panel.resolveFailed(failure.message)}
    </Alert>
  );
}

/** Schema and UI schema as the form takes them: those of the resolution, of the descriptor where there is none. */
function useForm(kind: Descriptor | null, resolution: Resolution | undefined, config: JsonObject) {
  const strategy = JSON.stringify(config["strategy"]);
  const published = resolution ?? kind;
  return useMemo(() => {
    if (!published || !kind) return null;
    const saved = { strategy: JSON.parse(strategy ?? "null") as unknown };
    const narrowed = withDiscriminators(withOpaqueRows(published.config_schema as Schema));
    const schema = withKeptBranches(narrowed, saved, (name) => keptTitle(kind, name));
    const drawn = withKeptUi(withRoles(published.ui_schema.rjsf), schema);
    const missing = (kind.strategies ?? []).filter((each) => !each.available);
    const strategyUi = {
      ...folded(drawn["strategy"] as { oneOf?: object[] }),
      "ui:options": { unavailable: missing.map(labelAndReason) },
    };
    const uiSchema = { ...drawn, "ui:options": { sections: true }, strategy: strategyUi };
    return { schema, uiSchema, key: optionsOf(schema.properties?.["strategy"]) };
  }, [published, kind, strategy]);
}

function keptTitle(kind: Descriptor, name: string): string {
  const known = kind.strategies?.find((each) => each.value === name);
  return strings.panel.notInstalled(known?.label ?? name);
}

/** The form looks for the branch of its data when they change, not when branches come or go: then it starts anew. */
function optionsOf(union: Schema | undefined): string {
  return JSON.stringify(union?.oneOf?.map(tagsOf));
}

/** The options of a strategy wait behind a line of their own: its defaults are good for a start. */
function folded(union: { oneOf?: object[] }) {
  return { ...union, oneOf: union.oneOf?.map((branch) => ({ ...branch, "ui:options": { folded: true } })) };
}

function labelAndReason(strategy: { label: string; reason: string | null }) {
  return { label: strategy.label, reason: strategy.reason ?? "" };
}
