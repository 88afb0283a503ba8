/** Nodes and connections as React Flow gets them: with names for screen readers and hues, kept out of the store. */
import type { Edge } from "@xyflow/react";
import type { Descriptor } from "@/api/documents";
import { kindOf } from "@/api/queries";
import { portHue } from "@/canvas/kind_looks";
import type { CanvasNode } from "@/graph/canvas_store";
import { nameOf, portOf } from "@/graph/connection_rules";
import { strings } from "@/strings";

/** What a dragged kind is called while it is dragged. */
export const KIND_MIME = "application/x-pipeline-node";

const shown = new WeakMap<CanvasNode, CanvasNode>();

/** Nodes with their names; each is made once, so that cards that did not change are not drawn anew. */
export function drawnNodes(nodes: CanvasNode[], kinds: Descriptor[]): CanvasNode[] {
  return nodes.map((node) => {
    const held = shown.get(node);
    if (held) return held;
    const kind = kindOf(kinds, node.type)?.display_name ?? strings.canvas.unknownKind(node.type ?? "");
    const made = { ...node, ariaLabel: strings.canvas.node(nameOf(node), kind) };
    // The names of the kinds come a moment after the first nodes.
    if (kinds.length > 0) shown.set(node, made);
    return made;
  });
}

/** Connections in the hue of their port; those to handles that no kind has are marked. */
export function drawnEdges(edges: Edge[], nodes: CanvasNode[], kinds: Descriptor[]): Edge[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return edges.map((edge) => {
    const [source, target] = [byId.get(edge.source), byId.get(edge.target)];
    const from = kindOf(kinds, source?.type);
    const to = kindOf(kinds, target?.type);
    const output = portOf(from?.outputs, edge.sourceHandle);
    const strange = (from && !output) || (to && !portOf(to.inputs, edge.targetHandle));
    const names = `${source ? nameOf(source) : edge.source} → ${target ? nameOf(target) : edge.target}`;
    return { ...edge, ariaLabel: names, className: strange ? "strange" : `port-${portHue(output?.type)}` };
  });
}
