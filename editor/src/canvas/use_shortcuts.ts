import { useEffect } from "react";
import { chosenIds, duplicateNodes, pasteText, textOfNodes } from "@/canvas/selection_actions";
import { openMenu, useView } from "@/canvas/view_store";
import { useCanvas } from "@/graph/canvas_store";
import { savePipeline } from "@/graph/saving";

/** What a key does besides what React Flow does by itself: moving, selecting and deleting. */
const COMMANDS: Record<string, () => void> = {
  z: () => useCanvas.getState().undo(),
  "shift+z": () => useCanvas.getState().redo(),
  y: () => useCanvas.getState().redo(),
  d: () => duplicateNodes(chosenIds()),
  a: () => useCanvas.getState().selectAll(),
};

/** Keys of the canvas; in fields they keep their own meaning, but saving works everywhere. */
export function useShortcuts(): void {
  useEffect(() => {
    document.addEventListener("keydown", press);
    document.addEventListener("copy", copy);
    document.addEventListener("paste", paste);
    return () => {
      document.removeEventListener("keydown", press);
      document.removeEventListener("copy", copy);
      document.removeEventListener("paste", paste);
    };
  }, []);
}

/** Whether keys belong to what has the focus: a field, a dialog, an open menu. */
export function isTaken(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  const own = "input, textarea, select, [contenteditable=true], [role=dialog], [role=menu], [role=listbox]";
  return target.closest(own) !== null;
}

function press(event: KeyboardEvent): void {
  const command = event.ctrlKey || event.metaKey;
  if (command && !event.altKey && event.key.toLowerCase() === "s") {
    event.preventDefault();
    void savePipeline();
    return;
  }
  if (isTaken(event.target)) return;
  if (isMenuKey(event)) openFocused(event);
  if (event.key === "Escape" && useView.getState().menu === null) useCanvas.getState().select([]);
  if (!command || event.altKey) return;
  const act = COMMANDS[`${event.shiftKey ? "shift+" : ""}${event.key.toLowerCase()}`];
  if (!act) return;
  event.preventDefault();
  act();
}

function isMenuKey(event: KeyboardEvent): boolean {
  return event.key === "ContextMenu" || (event.shiftKey && event.key === "F10");
}

/** Open the menu of the node that has the focus, below its upper left corner. */
function openFocused(event: KeyboardEvent): void {
  const node =
    event.target instanceof Element ? event.target.closest<HTMLElement>(".react-flow__node") : null;
  const nodeId = node?.dataset.id;
  if (!node || nodeId === undefined) return;
  event.preventDefault();
  const box = node.getBoundingClientRect();
  openMenu(nodeId, box.left + 16, box.top + 32);
}

function copy(event: ClipboardEvent): void {
  // Marked text is copied as text.
  if (isTaken(event.target) || !document.getSelection()?.isCollapsed) return;
  const text = textOfNodes(chosenIds());
  if (text === null) return;
  event.preventDefault();
  event.clipboardData?.setData("text/plain", text);
}

function paste(event: ClipboardEvent): void {
  if (isTaken(event.target)) return;
  if (pasteText(event.clipboardData?.getData("text/plain") ?? "")) event.preventDefault();
}
