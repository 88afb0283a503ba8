import { useEffect } from "react";
import { openDialog } from "@/app/dialogs_store";
import { isDirty, useCanvas } from "@/graph/canvas_store";

const FIELDS = "input, textarea, select, [contenteditable=true], [role=dialog], [role=menu]";

/** Asks before the window is closed with changes, and opens the list of keys by "?". */
export function useGuards(): void {
  useEffect(() => {
    const leave = (event: BeforeUnloadEvent) => {
      if (isDirty(useCanvas.getState())) event.preventDefault();
    };
    const press = (event: KeyboardEvent) => {
      const field = event.target instanceof Element && event.target.closest(FIELDS) !== null;
      if (event.key === "?" && !field) openDialog("shortcuts");
    };
    window.addEventListener("beforeunload", leave);
    document.addEventListener("keydown", press);
    return () => {
      window.removeEventListener("beforeunload", leave);
      document.removeEventListener("keydown", press);
    };
  }, []);
}
