/** Short sentences for the person, shown for a moment and read out by screen readers. */
import { create } from "zustand";

/** A sentence, and what can be done about it. */
export interface Notice {
  id: number;
  text: string;
  severity: "success" | "info" | "warning" | "error";
  action?: { label: string; run: () => void };
}

interface Notices {
  current: Notice | null;
  /** Where it is shown; null is below in the window. */
  place: HTMLElement | null;
}

/** The notice that is shown. */
export const useNotices = create<Notices>()(() => ({ current: null, place: null }));

/** Show notices in this part of the page while it is there, so that they leave the parts beside it free. */
export function placeNotices(place: HTMLElement | null): void {
  useNotices.setState({ place });
}

let count = 0;

/** Show a sentence; it replaces the one before. */
export function notify(text: string, severity: Notice["severity"] = "info", action?: Notice["action"]): void {
  count += 1;
  useNotices.setState({ current: { id: count, text, severity, action } });
}

/** Take the notice away. */
export function dismiss(): void {
  useNotices.setState({ current: null });
}
