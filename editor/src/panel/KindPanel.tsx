import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { lazy, Suspense, useMemo } from "react";
import type { Descriptor } from "@/api/documents";
import { type CanvasNode, useCanvas } from "@/graph/canvas_store";
import { useColumns } from "@/panel/columns";
import type { JsonObject } from "@/panel/facts/json";
import { type Schema, tagsIn } from "@/panel/facts/schema";
import { withoutFilledIn } from "@/panel/facts/stored_config";
import { ConfigForm } from "@/panel/form/ConfigForm";
import { withDiscriminators } from "@/panel/form/form_schema";
import { withRoles } from "@/panel/form/roles";
import { NodeHeader } from "@/panel/NodeHeader";
import { NO_PANEL, PanelContext } from "@/panel/panel_facts";
import { PanelFrame } from "@/panel/PanelFrame";
import { strings } from "@/strings";

const ValuesOrigin = lazy(() => import("@/apply/ValuesOrigin"));

interface Props {
  node: CanvasNode;
  kind: Descriptor;
}

/** The panel of every kind but the tuning node: the form of its published schema, with defaults shown. */
export function KindPanel({ node, kind }: Props) {
  const setConfig = useCanvas((state) => state.setConfig);
  const columns = useColumns(node.id, true);
  const schema = useMemo(() => withDiscriminators(kind.config_schema as Schema), [kind]);
  const uiSchema = useMemo(() => withRoles(kind.ui_schema.rjsf), [kind]);
  const config = node.data.config as JsonObject;
  const facts = useMemo(
    () => ({ ...NO_PANEL, nodeId: node.id, kind, config, columns, readonly: false }),
    [node.id, kind, config, columns],
  );
  const edit = (next: JsonObject, filledIn: (bare: JsonObject) => unknown) => {
    const defaults = filledIn((tagsIn(schema, next) ?? {}) as JsonObject);
    setConfig(node.id, withoutFilledIn(config, next, defaults));
  };
  const hasFields = Object.keys(schema.properties ?? {}).length > 0 || (schema.oneOf?.length ?? 0) > 0;
  return (
    <PanelContext.Provider value={facts}>
      <PanelFrame header={<NodeHeader node={node} kind={kind} readonly={false} />}>
        <Box sx={{ mb: 1.5 }}>
          <Suspense>{takesParameters(kind) && <ValuesOrigin nodeId={node.id} />}</Suspense>
        </Box>
        {hasFields ? (
          <ConfigForm schema={schema} uiSchema={uiSchema} data={config} onEdit={edit} />
        ) : (
          <Typography variant="body2" color="textSecondary">
            {strings.panel.noSettings}
          </Typography>
        )}
      </PanelFrame>
    </PanelContext.Provider>
  );
}

/** Whether a tuning node writes best parameters onto nodes of a kind. */
function takesParameters(kind: Descriptor): boolean {
  return kind.inputs.some((port) => port.type === "params");
}
