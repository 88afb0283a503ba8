import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Snackbar from "@mui/material/Snackbar";
import { createPortal } from "react-dom";
import { dismiss, type Notice, useNotices } from "@/graph/notices";
import { strings } from "@/strings";

/** Milliseconds; errors stay until they are closed. */
const SHOWN = 6000;

/** Pixels: the zoom buttons with what is left free around them, and the narrowest notice that is read well. */
const ZOOM_BUTTONS = 60;
const MARGIN = 16;
const LEAST = 280;

/** Over the canvas only: the panel beside it has buttons at its foot. */
const IN_PLACE = {
  position: "absolute",
  left: { xs: 8, sm: ZOOM_BUTTONS },
  right: { xs: 8, sm: "auto" },
  width: { sm: `max(100% - ${ZOOM_BUTTONS + MARGIN}px, ${LEAST}px)` },
  transform: { sm: "none" },
};

/** The notice that is shown, in a live region. */
export default function NoticeBar() {
  const notice = useNotices((state) => state.current);
  const place = useNotices((state) => state.place);
  const bar = (
    <div aria-live="polite">
      <Snackbar
        key={notice?.id}
        open={notice !== null}
        autoHideDuration={notice?.severity === "error" ? null : SHOWN}
        onClose={(_event, reason) => {
          if (reason !== "clickaway") dismiss();
        }}
        anchorOrigin={{ vertical: "bottom", horizontal: "center" }}
        sx={{ pointerEvents: "none", ...(place && IN_PLACE) }}
      >
        {notice ? <Said notice={notice} /> : undefined}
      </Snackbar>
    </div>
  );
  return place ? createPortal(bar, place) : bar;
}

function Said({ notice, ...given }: { notice: Notice }) {
  const action = notice.action;
  const button = action && (
    <Button
      color="inherit"
      onClick={() => {
        dismiss();
        action.run();
      }}
    >
      {action.label}
    </Button>
  );
  return (
    <Alert
      {...given}
      severity={notice.severity}
      variant="outlined"
      role={notice.severity === "error" ? "alert" : "status"}
      action={button}
      onClose={button ? undefined : dismiss}
      closeText={strings.app.close}
      sx={{ bgcolor: "background.paper", boxShadow: 6, maxWidth: 640, pointerEvents: "auto" }}
    >
      {notice.text}
    </Alert>
  );
}
