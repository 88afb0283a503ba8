import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import { useState } from "react";
import type { Job } from "@/api/documents";
import { revert } from "@/apply/apply_requests";
import { strings } from "@/strings";

const words = strings.apply;

/** Says that settings of this run are on the model already, and takes them back. */
export default function AppliedBefore({ job }: { job: Job }) {
  const [isUndoing, setUndoing] = useState(false);
  const isThere = (job.write_backs ?? []).some(
    (item) => item.kind === "params" && item.state === "applied" && hasOperations(item),
  );
  if (!isThere) return null;
  const undo = async () => {
    setUndoing(true);
    await revert(job).finally(() => setUndoing(false));
  };
  const button = (
    <Button color="inherit" disabled={isUndoing} onClick={() => void undo()}>
      {words.undo}
    </Button>
  );
  return (
    <Alert severity="info" action={button}>
      {words.undoEarlier}
    </Alert>
  );
}

/** A patch that found all its values there has nothing to take back. */
function hasOperations(item: { patch?: Record<string, unknown> }): boolean {
  return Array.isArray(item.patch?.ops) && item.patch.ops.length > 0;
}
