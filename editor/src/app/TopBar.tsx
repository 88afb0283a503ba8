import AutoGraph from "@mui/icons-material/TuneOutlined";
import Box from "@mui/material/Box";
import { visuallyHidden } from "@mui/utils";
import { useRoute } from "wouter";
import EditBar from "@/app/EditBar";
import SchemeSwitch from "@/app/SchemeSwitch";
import SignOutButton from "@/app/SignOutButton";
import { useCanvas } from "@/graph/canvas_store";
import { pipelinePath } from "@/graph/pipeline_actions";
import { strings } from "@/strings";

/** The bar on top: home, the pipeline and what can be done with it, the colour scheme. */
export default function TopBar() {
  const [onRun] = useRoute("/runs/:jobId");
  const name = useCanvas((state) => state.name);
  const pipelineId = useCanvas((state) => state.pipelineId);
  return (
    <Box
      component="header"
      sx={{
        display: "flex",
        alignItems: "center",
        gap: { xs: 0.25, sm: 1 },
        minHeight: 48,
        px: { xs: 0.75, sm: 1.5 },
        borderBottom: 1,
        borderColor: "divider",
        bgcolor: "background.paper",
        zIndex: 2,
      }}
    >
      <Box
        component="a"
        href={pipelineId ? `#${pipelinePath(pipelineId)}` : "#/"}
        aria-label={strings.app.product}
        title={strings.app.product}
        sx={{
          display: "grid",
          flex: "none",
          placeItems: "center",
          width: 30,
          height: 30,
          borderRadius: 1,
          bgcolor: "primary.main",
          color: "primary.contrastText",
        }}
      >
        <AutoGraph fontSize="small" aria-hidden />
      </Box>
      <Box component="h1" sx={visuallyHidden}>
        {name || strings.app.product}
      </Box>
      {onRun ? <Box sx={{ flex: 1 }} /> : <EditBar />}
      <SignOutButton />
      <SchemeSwitch />
    </Box>
  );
}
