import Box from "@mui/material/Box";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import type { Descriptor } from "@/api/documents";
import { type CanvasNode, useCanvas } from "@/graph/canvas_store";
import { strings } from "@/strings";

const MOST_LETTERS = 120;

interface Props {
  node: CanvasNode;
  kind: Descriptor | undefined;
  readonly: boolean;
}

/** The node's name, to be edited, and what kind of node it is. */
export function NodeHeader({ node, kind, readonly }: Props) {
  const setLabel = useCanvas((state) => state.setLabel);
  return (
    <Box>
      <TextField
        fullWidth
        label={strings.panel.label}
        value={node.data.label ?? ""}
        placeholder={kind?.display_name ?? node.type}
        disabled={readonly}
        onChange={(event) => setLabel(node.id, event.target.value)}
        slotProps={{ htmlInput: { maxLength: MOST_LETTERS }, inputLabel: { shrink: true } }}
      />
      {kind && (
        <Typography variant="caption" color="textSecondary" component="p" sx={{ mt: 0.5 }}>
          {kind.display_name}. {kind.description}
        </Typography>
      )}
    </Box>
  );
}
