import ConflictDialog from "@/app/ConflictDialog";
import DeleteDialog from "@/app/DeleteDialog";
import { openDialog, useDialogs } from "@/app/dialogs_store";
import LeaveDialog from "@/app/LeaveDialog";
import PipelinesDialog from "@/app/PipelinesDialog";
import ShortcutsDialog from "@/app/ShortcutsDialog";
import { useCanvas } from "@/graph/canvas_store";

const close = () => openDialog(null);

/** Every dialog about whole pipelines; the part of the page that is loaded when one is first asked for. */
export default function AppDialogs() {
  const open = useDialogs((state) => state.open);
  const conflict = useCanvas((state) => state.conflict);
  return (
    <>
      {open === "pipelines" && <PipelinesDialog onClose={close} />}
      {open === "shortcuts" && <ShortcutsDialog onClose={close} />}
      {open === "delete" && <DeleteCurrent />}
      {conflict && <ConflictDialog conflict={conflict} />}
      <LeaveDialog />
    </>
  );
}

function DeleteCurrent() {
  const { pipelineId, savedName, revision } = useCanvas.getState();
  if (pipelineId === null || revision === null) return null;
  return <DeleteDialog pipeline={{ id: pipelineId, name: savedName, revision }} onClose={close} />;
}
