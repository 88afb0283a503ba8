/** Where an output could lead, and why not: what the dialog for connecting by keyboard offers. */
import type { Descriptor } from "@/api/documents";
import { kindOf } from "@/api/queries";
import type { CanvasNode } from "@/graph/canvas_store";
import { nameOf, refusal } from "@/graph/connection_rules";
import type { Drawing } from "@/graph/document";

/** An input of another node. */
export interface Possible {
  key: string;
  nodeId: string;
  node: string;
  port: string;
  label: string;
  /** Why it does not take the output; null: it does. */
  refusal: string | null;
}

/** Every input of every other node, those that take the output first. */
export function possibleTargets(
  from: CanvasNode,
  output: string,
  state: Drawing & { kinds: Descriptor[] },
): Possible[] {
  const found = state.nodes.flatMap((node) => {
    if (node.id === from.id) return [];
    return (kindOf(state.kinds, node.type)?.inputs ?? []).map((port) => ({
      key: `${node.id} ${port.id}`,
      nodeId: node.id,
      node: nameOf(node),
      port: port.id,
      label: port.label,
      refusal: refusal(
        { source: from.id, sourceHandle: output, target: node.id, targetHandle: port.id },
        state,
        state.kinds,
      ),
    }));
  });
  return [...found.filter((each) => each.refusal === null), ...found.filter((each) => each.refusal !== null)];
}
