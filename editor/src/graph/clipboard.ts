/** Copied nodes as text, so that they can be pasted into another window, or a mail. */
import { type Drawing, isObject } from "@/graph/document";

const MARK = "hyperparameter_tuning_nodes";

/** The text of copied nodes. */
export function copiedText(fragment: Drawing): string {
  const { nodes, edges } = fragment;
  return JSON.stringify({ [MARK]: 1, nodes, edges }, null, 2);
}

/** The nodes in a text; null: it is something else. */
export function pastedFragment(text: string): Drawing | null {
  try {
    const document: unknown = JSON.parse(text);
    if (!isObject(document) || document[MARK] !== 1) return null;
    const { nodes, edges } = document;
    if (!Array.isArray(nodes) || !nodes.every(isNode) || !Array.isArray(edges)) return null;
    return { nodes, edges } as Drawing;
  } catch {
    return null;
  }
}

function isNode(node: unknown): boolean {
  return isObject(node) && typeof node.id === "string" && isObject(node.data) && isObject(node.position);
}
