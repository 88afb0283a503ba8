/** What can be undone: drawings as they were, and steps that belong together. */
import type { Drawing } from "@/graph/document";

/** Earlier and undone drawings, the nearest last. */
export interface History {
  past: Drawing[];
  future: Drawing[];
  /** What the last step was; the same again soon after is the same step. */
  burst: { key: string; at: number } | null;
}

/** Nothing to undo. */
export const NO_HISTORY: History = { past: [], future: [], burst: null };

const KEPT = 100;
/** Milliseconds between two keys that are still one step. */
export const BURST = 1200;

/** Remember how it was before a change; changes of one *key* in a row are one step. */
export function remembered(history: History, before: Drawing, key: string | null, now: number): History {
  const goesOn =
    key !== null && history.burst?.key === key && now - history.burst.at < BURST && history.past.length > 0;
  const burst = key === null ? null : { key, at: now };
  if (goesOn) return { ...history, future: [], burst };
  return { past: [...history.past, drawingOnly(before)].slice(-KEPT), future: [], burst };
}

/** One step back: the drawing then, and the history from there; null: there is none. */
export function undone(history: History, present: Drawing): { drawing: Drawing; history: History } | null {
  const drawing = history.past.at(-1);
  if (!drawing) return null;
  const future = [...history.future, drawingOnly(present)];
  return { drawing, history: { past: history.past.slice(0, -1), future, burst: null } };
}

/** One step forward again. */
export function redone(history: History, present: Drawing): { drawing: Drawing; history: History } | null {
  const drawing = history.future.at(-1);
  if (!drawing) return null;
  const past = [...history.past, drawingOnly(present)];
  return { drawing, history: { past, future: history.future.slice(0, -1), burst: null } };
}

/** The history with every drawing changed: what a server wrote is in the past, too, and not undone. */
export function rewritten(history: History, change: (drawing: Drawing) => Drawing): History {
  return { past: history.past.map(change), future: history.future.map(change), burst: null };
}

function drawingOnly({ nodes, edges }: Drawing): Drawing {
  return { nodes, edges };
}
