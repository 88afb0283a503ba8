/** What the canvas shows beside the pipeline: an open menu, a dialog, what the server found. Nothing is saved of it. */
import { create } from "zustand";

/** How many remarks a node has. */
export interface Remarks {
  errors: number;
  warnings: number;
  todos: number;
  messages: string[];
}

interface View {
  /** The open menu and where it stands. */
  menu: { nodeId: string; left: number; top: number } | null;
  /** The node whose connections are edited. */
  connecting: string | null;
  renaming: string | null;
  remarks: Record<string, Remarks>;
}

/** State of the view. */
export const useView = create<View>()(() => ({ menu: null, connecting: null, renaming: null, remarks: {} }));

/** Open the menu of a node at a place of the window. */
export function openMenu(nodeId: string, left: number, top: number): void {
  useView.setState({ menu: { nodeId, left, top } });
}
