/** Which handles a card shows: the published ones, and those that only its connections know. */
import type { Edge } from "@xyflow/react";
import type { Descriptor } from "@/api/documents";

/** A handle on a card. */
export interface ShownPort {
  id: string;
  label: string;
  type: string | undefined;
  title: string;
}

interface Ends {
  sources: Record<string, string[]>;
  targets: Record<string, string[]>;
}

/** Handles of the connections by node; edges stay the same object while nodes are dragged. */
const known = new WeakMap<Edge[], Ends>();

/** Handles of a side of a node: connections of unknown kinds, or to handles that are gone, stay visible. */
export function shownPorts(
  nodeId: string,
  kind: Descriptor | undefined,
  edges: Edge[],
  side: "inputs" | "outputs",
): ShownPort[] {
  const published: ShownPort[] = (kind?.[side] ?? []).map(({ id, label, type, description }) => ({
    id,
    label,
    type,
    title: description ? `${label} (${type}): ${description}` : `${label} (${type})`,
  }));
  const ends = endsOf(edges)[side === "inputs" ? "targets" : "sources"][nodeId] ?? [];
  // A connection without a handle goes to the only port there is.
  const strange = ends.filter(
    (id) => !published.some((port) => port.id === id) && (id !== "" || published.length === 0),
  );
  return [...published, ...strange.map((id) => ({ id, label: id || "·", type: undefined, title: id }))];
}

function endsOf(edges: Edge[]): Ends {
  const held = known.get(edges);
  if (held) return held;
  const made: Ends = { sources: {}, targets: {} };
  for (const edge of edges) {
    note(made.sources, edge.source, edge.sourceHandle ?? "");
    note(made.targets, edge.target, edge.targetHandle ?? "");
  }
  known.set(edges, made);
  return made;
}

function note(into: Record<string, string[]>, nodeId: string, handle: string): void {
  const list = (into[nodeId] ??= []);
  if (!list.includes(handle)) list.push(handle);
}
