import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Collapse from "@mui/material/Collapse";
import Typography from "@mui/material/Typography";
import { useId, useState } from "react";
import type { Estimate } from "@/api/documents";
import { estimateReasons, estimateText } from "@/panel/facts/estimate_text";
import { strings } from "@/strings";

const text = strings.panel.estimate;

interface Props {
  estimate: Estimate | undefined;
  /** Whether it is of the canvas as it is now. */
  current: boolean;
  failed: boolean;
}

/** The work ahead in one line, read out when it changes; what it rests on can be unfolded. */
export function EstimateLine({ estimate, current, failed }: Props) {
  const [open, setOpen] = useState(false);
  const reasonsId = useId();
  const reasons = estimate ? estimateReasons(estimate) : [];
  return (
    <Box sx={{ pb: 0.75 }}>
      <Box sx={{ display: "flex", alignItems: "baseline", gap: 1, flexWrap: "wrap" }}>
        <Typography
          variant="body2"
          role="status"
          aria-live="polite"
          aria-busy={!current}
          sx={{ flex: 1, minWidth: 160, textWrap: "balance" }}
        >
          {estimate ? estimateText(estimate) : failed ? text.failed : text.counting}
        </Typography>
        {reasons.length > 0 && (
          <Button
            variant="text"
            aria-expanded={open}
            aria-controls={reasonsId}
            onClick={() => setOpen(!open)}
          >
            {open ? text.hideReasons : text.showReasons}
          </Button>
        )}
      </Box>
      <Collapse in={open} id={reasonsId} unmountOnExit>
        <Box component="ul" sx={{ m: 0, pl: 2.5, maxHeight: 160, overflowY: "auto" }}>
          {reasons.map((reason) => (
            <Typography key={reason} component="li" variant="body2" color="textSecondary">
              {reason}
            </Typography>
          ))}
        </Box>
      </Collapse>
    </Box>
  );
}
