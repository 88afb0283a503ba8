/** Files as pipelines: rubbish is refused in one sentence, before anything is sent. */
import type { Graph } from "@/api/documents";
import { isObject } from "@/graph/document";
import { strings } from "@/strings";

/** The most that the server takes. */
const MAX_BYTES = 8_000_000;

/** A graph, or the sentence that says why there is none. */
export type Read = { graph: Graph; name: string | null } | { refusal: string };

/** Read the text of a file: a graph, or a pipeline document with one inside. */
export function readGraph(text: string): Read {
  const words = strings.canvas.imports;
  // Bytes are at least as many as characters.
  if (text.length > MAX_BYTES || new Blob([text]).size > MAX_BYTES) return { refusal: words.tooLarge };
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return { refusal: words.notJson(error instanceof Error ? error.message : String(error)) };
  }
  if (!isObject(document)) return { refusal: words.notObject };
  const graph = isObject(document.graph) ? document.graph : document;
  const refusal = wrong(graph);
  if (refusal !== null) return { refusal };
  return { graph: graph as unknown as Graph, name: typeof document.name === "string" ? document.name : null };
}

/** The text of an exported graph. */
export function writtenGraph(graph: Graph): string {
  return `${JSON.stringify(graph, null, 2)}\n`;
}

function wrong(graph: Record<string, unknown>): string | null {
  const words = strings.canvas.imports;
  if (!("nodes" in graph)) return words.notObject;
  if (!Array.isArray(graph.nodes)) return words.noNodes;
  const ids = new Set<string>();
  for (const [index, node] of graph.nodes.entries()) {
    // The oldest canvases name nodes by node_id; the server brings them up to date.
    const id = isObject(node) ? (node.id ?? node.node_id) : undefined;
    const type = isObject(node) ? (node.type ?? node.step_type) : undefined;
    if (typeof id !== "string" || typeof type !== "string" || !id || !type) return words.node(index);
    if (ids.has(id)) return words.twice(id);
    ids.add(id);
  }
  return wrongEdge(graph.edges, ids);
}

function wrongEdge(edges: unknown, ids: Set<string>): string | null {
  const words = strings.canvas.imports;
  if (edges === undefined || edges === null) return null;
  if (!Array.isArray(edges)) return words.noEdges;
  for (const [index, edge] of edges.entries()) {
    if (!isObject(edge) || typeof edge.source !== "string" || typeof edge.target !== "string")
      return words.edge(index);
    const missing = [edge.source, edge.target].find((id) => !ids.has(id));
    if (missing !== undefined) return words.end(index, missing);
  }
  return null;
}
