import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Snackbar from "@mui/material/Snackbar";
import { dismiss, useNotices } from "@/graph/notices";
import { strings } from "@/strings";

/** Milliseconds; errors stay until they are closed. */
const SHOWN = 6000;

/** The notice that is shown, in a live region. */
export default function NoticeBar() {
  const notice = useNotices((state) => state.current);
  const action = notice?.action;
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
    <div aria-live="polite">
      <Snackbar
        key={notice?.id}
        open={notice !== null}
        autoHideDuration={notice?.severity === "error" ? null : SHOWN}
        onClose={(_event, reason) => {
          if (reason !== "clickaway") dismiss();
        }}
        anchorOrigin={{ vertical: "bottom", horizontal: "center" }}
      >
        {notice ? (
          <Alert
            severity={notice.severity}
            variant="outlined"
            role={notice.severity === "error" ? "alert" : "status"}
            action={button}
            onClose={button ? undefined : dismiss}
            closeText={strings.app.close}
            sx={{ bgcolor: "background.paper", boxShadow: 6, maxWidth: 640 }}
          >
            {notice.text}
          </Alert>
        ) : undefined}
      </Snackbar>
    </div>
  );
}
