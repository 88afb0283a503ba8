import { useNodeKinds, kindOf } from "@/api/queries";
import { isNewer, useCanvas } from "@/graph/canvas_store";
import { KindPanel } from "@/panel/KindPanel";
import { RawPanel } from "@/panel/RawPanel";
import { TuningPanel } from "@/panel/TuningPanel";

const TUNING = "hyperparameter_tuning";

/** The panel of one node, by its kind; what nobody here can edit is shown as it is. */
export default function SidePanel({ nodeId }: { nodeId: string }) {
  const kinds = useNodeKinds();
  const node = useCanvas((state) => state.nodes.find((each) => each.id === nodeId));
  if (!node || kinds.isPending) return null;
  const kind = kindOf(kinds.data, node.type);
  if (!kind || isNewer(node, kinds.data ?? [])) return <RawPanel key={nodeId} node={node} kind={kind} />;
  if (kind.type === TUNING) return <TuningPanel key={nodeId} node={node} kind={kind} />;
  return <KindPanel key={nodeId} node={node} kind={kind} />;
}
