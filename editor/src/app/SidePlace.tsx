import Close from "@mui/icons-material/Close";
import Box from "@mui/material/Box";
import IconButton from "@mui/material/IconButton";
import { type KeyboardEvent, type PointerEvent, lazy, Suspense, useState } from "react";
import Broken from "@/app/Broken";
import Loading from "@/app/Loading";
import { useCanvas } from "@/graph/canvas_store";
import { strings } from "@/strings";

const SidePanel = lazy(() => import("@/panel/SidePanel"));

const KEY = "hpt-panel-width";
const LEAST = 320;
const MOST = 760;
const STEP = 24;

/** The place of the side panel: resizable, and over the canvas where there is no room beside it. */
export default function SidePlace({ nodeId }: { nodeId: string }) {
  const [width, setWidth] = useWidth();
  return (
    <Box
      component="aside"
      aria-label={strings.app.panel}
      sx={{
        position: { xs: "absolute", md: "relative" },
        inset: { xs: 0, md: "auto" },
        zIndex: 6,
        width: { xs: "100%", md: width },
        flex: "none",
        display: "flex",
        borderLeft: 1,
        borderColor: "divider",
        bgcolor: "background.paper",
      }}
    >
      <Grip width={width} onWidth={setWidth} />
      <Box sx={{ flex: 1, minWidth: 0, position: "relative" }}>
        <IconButton
          aria-label={strings.app.closePanel}
          title={strings.app.closePanel}
          onClick={() => useCanvas.getState().select([])}
          sx={{ position: "absolute", top: 8, right: 8, zIndex: 7 }}
        >
          <Close fontSize="small" />
        </IconButton>
        <Broken help={strings.app.brokenHelp} shown={nodeId} corner>
          <Suspense fallback={<Loading />}>
            <SidePanel nodeId={nodeId} key={nodeId} />
          </Suspense>
        </Broken>
      </Box>
    </Box>
  );
}

function Grip({ width, onWidth }: { width: number; onWidth: (width: number) => void }) {
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (event.buttons === 1) onWidth(window.innerWidth - event.clientX);
  };
  const press = (event: KeyboardEvent) => {
    const by = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    onWidth(width + by);
  };
  return (
    <Box
      role="separator"
      aria-orientation="vertical"
      aria-label={strings.app.resized}
      aria-valuenow={width}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      tabIndex={0}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={press}
      sx={{
        display: { xs: "none", md: "block" },
        position: "absolute",
        left: -12,
        top: 0,
        bottom: 0,
        width: 24,
        cursor: "col-resize",
        touchAction: "none",
        zIndex: 8,
        "&::after": { content: '""', position: "absolute", left: 10, top: 0, bottom: 0, width: 3 },
        "&:hover::after, &:focus-visible::after": { bgcolor: "primary.main" },
      }}
    />
  );
}

function useWidth(): [number, (width: number) => void] {
  const [width, setWidth] = useState(() => bounded(Number(localStorage.getItem(KEY)) || 400));
  const change = (wanted: number) => {
    const kept = bounded(wanted);
    localStorage.setItem(KEY, String(kept));
    setWidth(kept);
  };
  return [width, change];
}

function bounded(width: number): number {
  return Math.round(Math.min(Math.max(width, LEAST), MOST));
}
