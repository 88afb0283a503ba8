import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useEffect } from "react";
import { useNodeKinds } from "@/api/queries";
import Loading from "@/app/Loading";
import MigratedNotice from "@/app/MigratedNotice";
import SidePlace from "@/app/SidePlace";
import SmallPalette from "@/app/SmallPalette";
import { usePipelineRoute } from "@/app/use_pipeline_route";
import Canvas from "@/canvas/Canvas";
import Palette from "@/canvas/Palette";
import { selectedNodeId, useCanvas } from "@/graph/canvas_store";
import { placeNotices } from "@/graph/notices";
import { strings } from "@/strings";

/** Palette, canvas and the panel of the selected node. */
export default function EditorPage({ pipelineId }: { pipelineId: string | null }) {
  const kinds = useNodeKinds();
  const opening = usePipelineRoute(pipelineId);
  const selected = useCanvas(selectedNodeId);
  useEffect(() => {
    if (kinds.data) useCanvas.setState({ kinds: kinds.data });
  }, [kinds.data]);
  if (kinds.isError) {
    return (
      <Failed
        title={strings.app.nodesFailed}
        text={kinds.error.message}
        onRetry={() => void kinds.refetch()}
      />
    );
  }
  if (opening.failure) {
    return <Failed title={strings.app.openFailed} text={opening.failure} onRetry={opening.retry} />;
  }
  if (kinds.isPending || opening.pending) return <Loading />;
  return (
    <Box sx={{ display: "flex", height: "100%" }}>
      <Box
        sx={{
          width: 216,
          flex: "none",
          borderRight: 1,
          borderColor: "divider",
          display: { xs: "none", md: "block" },
        }}
      >
        <Palette />
      </Box>
      <Box ref={placeNotices} sx={{ flex: 1, minWidth: 0, position: "relative" }}>
        <Canvas />
        <MigratedNotice />
        <SmallPalette />
      </Box>
      {selected !== null && <SidePlace nodeId={selected} />}
    </Box>
  );
}

function Failed({ title, text, onRetry }: { title: string; text: string; onRetry: () => void }) {
  const again = (
    <Button color="inherit" onClick={onRetry}>
      {strings.app.tryAgain}
    </Button>
  );
  return (
    <Alert severity="error" action={again} sx={{ m: 2 }}>
      {title}: {text}
    </Alert>
  );
}
