import LinkIcon from "@mui/icons-material/Link";
import Button from "@mui/material/Button";
import { notify } from "@/graph/notices";
import { strings } from "@/strings";

const words = strings.run;

/** Copies the address of a run's page; where the browser allows no copying, the address is shown. */
export default function CopyLink({ jobId }: { jobId: string }) {
  const copy = async () => {
    const link = new URL(`#/runs/${jobId}`, document.baseURI).href;
    try {
      await navigator.clipboard.writeText(link);
      notify(words.copied, "success");
    } catch {
      notify(words.copyFailed(link), "info");
    }
  };
  return (
    <Button startIcon={<LinkIcon fontSize="small" />} onClick={() => void copy()}>
      {words.copyLink}
    </Button>
  );
}
