import Block from "@mui/icons-material/Block";
import CheckCircle from "@mui/icons-material/CheckCircleOutline";
import ErrorIcon from "@mui/icons-material/ErrorOutline";
import HourglassEmpty from "@mui/icons-material/HourglassEmpty";
import Search from "@mui/icons-material/Search";
import Stop from "@mui/icons-material/StopCircleOutlined";
import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { strings } from "@/strings";

const SIGNS = {
  queued: [HourglassEmpty, "text.secondary"],
  running: [Search, "primary.main"],
  stopping: [Stop, "primary.main"],
  cancelling: [Block, "text.secondary"],
  succeeded: [CheckCircle, "success.main"],
  failed: [ErrorIcon, "error.main"],
  cancelled: [Block, "text.secondary"],
} as const;

/** The state of a run: a sign, its name, and one sentence on what it means. */
export default function StatusWords({ status, help }: { status: string; help?: string }) {
  const [Sign, color] = SIGNS[status as keyof typeof SIGNS] ?? SIGNS.queued;
  return (
    <Box>
      <Box role="status" sx={{ display: "flex", alignItems: "center", gap: 0.75 }}>
        <Sign fontSize="small" sx={{ color }} aria-hidden />
        <Typography component="span" sx={{ fontWeight: 650 }}>
          {strings.run.status[status] ?? status}
        </Typography>
      </Box>
      {help && (
        <Typography variant="body2" color={status === "failed" ? "error" : "text.secondary"}>
          {help}
        </Typography>
      )}
    </Box>
  );
}
