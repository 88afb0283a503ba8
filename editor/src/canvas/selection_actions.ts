/** Copy, paste, duplicate and delete, for menus and keys alike. */
import { useCanvas } from "@/graph/canvas_store";
import { copiedText, pastedFragment } from "@/graph/clipboard";
import type { Drawing } from "@/graph/document";
import { fragmentOf } from "@/graph/edits";
import { notify } from "@/graph/notices";
import { GAP } from "@/graph/places";
import { strings } from "@/strings";

const words = strings.canvas;

/** How often the same text was pasted: each copy lies beside the one before. */
let pasted = { text: "", times: 0 };

/** The nodes that are selected. */
export function chosenIds(): string[] {
  return useCanvas
    .getState()
    .nodes.filter((node) => node.selected)
    .map((node) => node.id);
}

/** The text of nodes, for the clipboard; null: none is chosen. */
export function textOfNodes(nodeIds: string[]): string | null {
  if (nodeIds.length === 0) return null;
  pasted = { text: "", times: 0 };
  notify(words.copied(nodeIds.length), "info");
  return copiedText(fragmentOf(useCanvas.getState(), nodeIds));
}

/** Copy nodes by a menu, where no event of the clipboard is at hand. */
export function copyNodes(nodeIds: string[]): void {
  const text = textOfNodes(nodeIds);
  if (text !== null) void navigator.clipboard?.writeText(text);
}

/** Paste what was copied here or in another window; says whether the text was of nodes. */
export function pasteText(text: string): boolean {
  const fragment = pastedFragment(text);
  if (fragment === null || fragment.nodes.length === 0) return false;
  pasted = { text, times: pasted.text === text ? pasted.times + 1 : 1 };
  place(fragment, pasted.times);
  notify(words.pasted(fragment.nodes.length), "info");
  return true;
}

/** Copy nodes beside themselves; their results stay with the originals. */
export function duplicateNodes(nodeIds: string[]): void {
  if (nodeIds.length > 0) place(fragmentOf(useCanvas.getState(), nodeIds), 1);
}

/** Delete nodes with their connections. */
export function removeNodes(nodeIds: string[]): void {
  if (nodeIds.length === 0) return;
  useCanvas.getState().remove(nodeIds);
  notify(words.removed(nodeIds.length), "info", { label: strings.app.undo, run: useCanvas.getState().undo });
}

function place(fragment: Drawing, times: number): void {
  useCanvas.getState().addFragment(fragment, { x: GAP * times, y: GAP * times });
}
