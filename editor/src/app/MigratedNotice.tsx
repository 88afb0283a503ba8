import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import { useCanvas } from "@/graph/canvas_store";
import { nameOf } from "@/graph/connection_rules";
import { strings } from "@/strings";

const words = strings.app.migrated;

/** What became of nodes of earlier versions, until it is closed or saved. */
export default function MigratedNotice() {
  const migrated = useCanvas((state) => state.migrated);
  const nodes = useCanvas((state) => state.nodes);
  if (migrated.length === 0) return null;
  const named = (id: string | null) => {
    const node = nodes.find((each) => each.id === id);
    return node ? nameOf(node) : (id ?? "");
  };
  return (
    <Alert
      severity="info"
      closeText={strings.app.close}
      onClose={() => useCanvas.setState({ migrated: [] })}
      sx={{
        position: "absolute",
        top: 12,
        left: 12,
        right: 12,
        zIndex: 5,
        maxHeight: "40%",
        overflowY: "auto",
      }}
    >
      {words.title}
      <Box component="ul" sx={{ m: 0, mt: 0.5, pl: 2.5 }}>
        {migrated.map((each) => (
          <li key={each.node_id}>
            {words.node(named(each.node_id))}
            {each.to_version === null
              ? words.unknown
              : words.updated(each.from_version, each.to_version)}{" "}
            {each.notes.join(" ")}
          </li>
        ))}
      </Box>
    </Alert>
  );
}
