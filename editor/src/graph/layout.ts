/** Nodes in columns from left to right, in the direction of the data. */
import type { Drawing } from "@/graph/document";
import { GAP, type Point, sizeOf } from "@/graph/places";

/** A place for every node. The library comes when it is asked for first. */
export async function arranged(drawing: Drawing): Promise<Record<string, Point>> {
  const { default: dagre } = await import("@dagrejs/dagre");
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: "LR", nodesep: GAP, ranksep: GAP * 1.75 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of drawing.nodes) graph.setNode(node.id, sizeOf(node));
  for (const edge of drawing.edges) graph.setEdge(edge.source, edge.target);
  dagre.layout(graph);
  const places = drawing.nodes.map((node) => {
    const centre = graph.node(node.id);
    const { width, height } = sizeOf(node);
    return [node.id, { x: Math.round(centre.x - width / 2), y: Math.round(centre.y - height / 2) }] as const;
  });
  return Object.fromEntries(places);
}
