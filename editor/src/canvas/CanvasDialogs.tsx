import ConnectDialog from "@/canvas/ConnectDialog";
import NodeMenu from "@/canvas/NodeMenu";
import RenameDialog from "@/canvas/RenameDialog";
import { useView } from "@/canvas/view_store";

/** The menu of a node and what it opens. */
export default function CanvasDialogs() {
  const connecting = useView((view) => view.connecting);
  const renaming = useView((view) => view.renaming);
  return (
    <>
      <NodeMenu />
      {connecting !== null && <ConnectDialog nodeId={connecting} key={`connect ${connecting}`} />}
      {renaming !== null && <RenameDialog nodeId={renaming} key={`rename ${renaming}`} />}
    </>
  );
}
