import Button from "@mui/material/Button";
import Stack from "@mui/material/Stack";
import type { Finding } from "@/api/documents";
import { remediesOf } from "@/panel/facts/remedies";
import { usePanel } from "@/panel/panel_facts";
import { strings } from "@/strings";

/** One button a remedy; they wait while an edit is on its way to the server, since a patch is of what was answered. */
export function RemedyButtons({ finding }: { finding: Finding }) {
  const { apply, current, readonly } = usePanel();
  const remedies = remediesOf(finding);
  if (remedies.length === 0 || readonly) return null;
  return (
    <Stack direction="row" spacing={1} useFlexGap sx={{ flexWrap: "wrap", mt: 0.5 }}>
      {remedies.map((remedy, index) => (
        <Button
          key={remedy.title ?? index}
          variant="outlined"
          color="inherit"
          disabled={!current}
          onClick={() => apply(remedy)}
        >
          {remedy.title ?? strings.panel.fix}
        </Button>
      ))}
    </Stack>
  );
}
