import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import type { Descriptor } from "@/api/documents";
import type { CanvasNode } from "@/graph/canvas_store";
import { NodeHeader } from "@/panel/NodeHeader";
import { PanelFrame } from "@/panel/PanelFrame";
import { strings } from "@/strings";

interface Props {
  node: CanvasNode;
  kind: Descriptor | undefined;
}

/** A node that cannot be edited here, with everything it holds: of an unknown kind, or saved by a later release. */
export function RawPanel({ node, kind }: Props) {
  return (
    <PanelFrame header={<NodeHeader node={node} kind={kind} readonly={kind !== undefined} />}>
      <Alert severity="info" variant="outlined" sx={{ mb: 2 }}>
        {kind ? strings.panel.newer : strings.panel.unknownKind(node.type ?? "")}
      </Alert>
      <Box
        component="pre"
        tabIndex={0}
        aria-label={strings.panel.raw}
        sx={{
          m: 0,
          p: 1.5,
          border: 1,
          borderColor: "divider",
          borderRadius: 1,
          overflow: "auto",
          fontSize: "0.78rem",
        }}
      >
        {JSON.stringify(node.data, null, 2)}
      </Box>
    </PanelFrame>
  );
}
