import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Typography from "@mui/material/Typography";
import type { FieldProps } from "@rjsf/utils";
import { useCanvas } from "@/graph/canvas_store";
import { usePanel } from "@/panel/panel_facts";
import { strings } from "@/strings";

/** The model: the one that is connected, with a way to its node; to be chosen while none is. */
export function NodeReferenceField(props: FieldProps) {
  const { resolution } = usePanel();
  const { StringField } = props.registry.fields;
  if (!resolution?.model?.connected) {
    const { "ui:field": _field, ...uiSchema } = props.uiSchema ?? {};
    return <StringField {...props} uiSchema={uiSchema} />;
  }
  return <ConnectedModel id={props.fieldPathId.$id} title={props.schema.title ?? props.name} />;
}

function ConnectedModel({ id, title }: { id: string; title: string }) {
  const { resolution } = usePanel();
  const select = useCanvas((state) => state.select);
  const model = resolution?.model;
  if (!model) return null;
  return (
    <Box id={id} tabIndex={-1} role="group" aria-label={title}>
      <Typography variant="caption" color="textSecondary" component="p">
        {title}
      </Typography>
      <Typography variant="body2">
        {model.label}
        {model.nodes.length > 0 && `, ${strings.panel.fromNode} `}
        {model.nodes.map((node, index) => (
          <Box component="span" key={node.node_id}>
            {index > 0 && `${strings.panel.and} `}
            <Button variant="text" sx={{ px: 0.5, minWidth: 24 }} onClick={() => select([node.node_id])}>
              {node.label ?? node.node_id}
            </Button>
          </Box>
        ))}
      </Typography>
    </Box>
  );
}
