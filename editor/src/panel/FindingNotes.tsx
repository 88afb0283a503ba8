import Alert from "@mui/material/Alert";
import Box from "@mui/material/Box";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import type { Finding } from "@/api/documents";
import { RemedyButtons } from "@/panel/RemedyButtons";
import { strings } from "@/strings";

interface Props {
  findings: readonly Finding[];
  /** Id for aria-describedby of the field that they are about. */
  id?: string;
}

/** Errors and warnings at a field: a sentence each, with what can be done about it in one click. */
export function FindingNotes({ findings, id }: Props) {
  if (findings.length === 0) return null;
  return (
    <Stack id={id} spacing={0.5} sx={{ mt: 0.5 }} role="group" aria-label={strings.panel.notes}>
      {findings.map((finding) => (
        <FindingNote key={`${finding.code} ${finding.pointer} ${finding.message}`} finding={finding} />
      ))}
    </Stack>
  );
}

function FindingNote({ finding }: { finding: Finding }) {
  const isError = finding.severity === "error";
  return (
    <Box sx={{ borderLeft: 3, borderColor: isError ? "error.main" : "warning.main", pl: 1, py: 0.25 }}>
      <Typography variant="body2" color={isError ? "error" : "textSecondary"}>
        <strong>{isError ? strings.panel.error : strings.panel.warning}</strong> {finding.message}
      </Typography>
      <RemedyButtons finding={finding} />
    </Box>
  );
}

/** Errors and warnings about the whole, on top of the form. */
export function GeneralNotes({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  return (
    <Stack spacing={1}>
      {findings.map((finding) => (
        <Alert
          key={`${finding.code} ${finding.pointer} ${finding.message}`}
          severity={finding.severity === "error" ? "error" : "warning"}
          variant="outlined"
          sx={{ py: 0.25 }}
        >
          {finding.message}
          <RemedyButtons finding={finding} />
        </Alert>
      ))}
    </Stack>
  );
}
