import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import type { ReactNode } from "react";
import type { History } from "@/run/history_series";
import { shareText } from "@/run/metric_words";
import { strings } from "@/strings";

const words = strings.run.history;

interface Props {
  history: History;
  hasBaseline: boolean;
  hasFolds: boolean;
}

/** What each marker of the history plot means; only those that are there. */
export default function PlotLegend({ history, hasBaseline, hasFolds }: Props) {
  const shares = [...new Set(history.partial.map((item) => item.resource))]
    .sort((one, other) => one - other)
    .map(shareText);
  return (
    <Box
      component="ul"
      sx={{ display: "flex", flexWrap: "wrap", columnGap: 2, listStyle: "none", p: 0, my: 0.5 }}
    >
      <Entry color="primary.main" text={words.score}>
        <circle cx="8" cy="8" r="3.5" fill="currentColor" />
      </Entry>
      <Entry color="success.main" text={words.best}>
        <path d="M1 12 H8 V5 H15" fill="none" stroke="currentColor" strokeWidth="2" />
      </Entry>
      {hasBaseline && (
        <Entry color="text.secondary" text={words.baseline}>
          <path d="M1 8 H15" stroke="currentColor" strokeWidth="1.5" strokeDasharray="4 3" />
        </Entry>
      )}
      {shares.length > 0 && (
        <Entry color="warning.main" text={`${words.partial(shares.join(", "))}. ${words.partialNote}`}>
          <path d="M8 3 L13 8 L8 13 L3 8 Z" fill="none" stroke="currentColor" strokeWidth="1.5" />
        </Entry>
      )}
      {hasFolds && (
        <Entry color="text.primary" text={words.folds}>
          <circle cx="8" cy="8" r="3.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
        </Entry>
      )}
      {history.failed.length > 0 && (
        <Entry color="error.main" text={`${words.failed} (${history.failed.length})`}>
          <path d="M4 4 L12 12 M12 4 L4 12" stroke="currentColor" strokeWidth="1.5" />
        </Entry>
      )}
      {history.pruned.length > 0 && (
        <Entry color="warning.main" text={`${words.pruned} (${history.pruned.length})`}>
          <path d="M4 8 H12" stroke="currentColor" strokeWidth="1.5" />
        </Entry>
      )}
    </Box>
  );
}

function Entry({ color, text, children }: { color: string; text: string; children: ReactNode }) {
  return (
    <Box component="li" sx={{ display: "flex", alignItems: "center", gap: 0.5 }}>
      <Box
        component="svg"
        viewBox="0 0 16 16"
        aria-hidden
        sx={{ width: 16, height: 16, color, flex: "none" }}
      >
        {children}
      </Box>
      <Typography variant="body2">{text}</Typography>
    </Box>
  );
}
