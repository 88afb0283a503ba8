/** Which dialog of the application is open. */
import { create } from "zustand";

interface Dialogs {
  open: "pipelines" | "shortcuts" | "delete" | null;
  /** Another pipeline was asked for while this one has changes: how that goes on. */
  leaving: { go: () => void; stay: () => void } | null;
}

/** State of the dialogs. */
export const useDialogs = create<Dialogs>()(() => ({ open: null, leaving: null }));

/** Open a dialog, or close it with null. */
export function openDialog(open: Dialogs["open"]): void {
  useDialogs.setState({ open });
}
