import LinkOff from "@mui/icons-material/LinkOff";
import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import Typography from "@mui/material/Typography";
import type { Edge } from "@xyflow/react";
import { kindOf } from "@/api/queries";
import { type CanvasState, useCanvas } from "@/graph/canvas_store";
import { nameOf, portOf } from "@/graph/connection_rules";
import { strings } from "@/strings";

const words = strings.canvas.connect;

/** The connections of a node, each with a button that removes it. */
export default function PresentConnections({ nodeId }: { nodeId: string }) {
  const state = useCanvas();
  const present = state.edges.filter((edge) => edge.source === nodeId || edge.target === nodeId);
  return (
    <section aria-label={words.present}>
      <Typography variant="h3" sx={{ mb: 0.5 }}>
        {words.present}
      </Typography>
      {present.length === 0 && (
        <Typography variant="body2" color="text.secondary">
          {words.noPresent}
        </Typography>
      )}
      <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0 }}>
        {present.map((edge) => (
          <Box component="li" key={edge.id} sx={{ display: "flex", alignItems: "center", gap: 1 }}>
            <Typography variant="body2" sx={{ flex: 1 }}>
              {described(edge, state)}
            </Typography>
            <IconButton
              aria-label={words.cut(described(edge, state))}
              onClick={() => state.remove([], [edge.id])}
            >
              <LinkOff fontSize="small" />
            </IconButton>
          </Box>
        ))}
      </Box>
    </section>
  );
}

function described(edge: Edge, state: CanvasState): string {
  const source = state.nodes.find((node) => node.id === edge.source);
  const target = state.nodes.find((node) => node.id === edge.target);
  const output = portOf(kindOf(state.kinds, source?.type)?.outputs, edge.sourceHandle);
  const input = portOf(kindOf(state.kinds, target?.type)?.inputs, edge.targetHandle);
  return words.between(
    source ? nameOf(source) : edge.source,
    output?.label ?? edge.sourceHandle ?? "",
    target ? nameOf(target) : edge.target,
    input?.label ?? edge.targetHandle ?? "",
  );
}
