/** Nothing that was changed is lost by opening something else: the person is asked first. */
import { navigate } from "wouter/use-hash-location";
import { useDialogs } from "@/app/dialogs_store";
import { isDirty, useCanvas } from "@/graph/canvas_store";
import { startNew } from "@/graph/saving";

const LAST_KEY = "hpt-last-pipeline";

/** Go on at once where everything is saved, else after the person has said what becomes of the changes. */
export function leaveFor(go: () => void, stay: () => void = () => {}): void {
  if (isDirty(useCanvas.getState())) useDialogs.setState({ leaving: { go, stay } });
  else go();
}

/** The pipeline that was opened last in this browser. */
export function lastPipeline(): string | null {
  return localStorage.getItem(LAST_KEY);
}

/** Remember which pipeline is open; null: none is to be opened by itself. */
export function rememberPipeline(id: string | null): void {
  if (id === null) localStorage.removeItem(LAST_KEY);
  else localStorage.setItem(LAST_KEY, id);
}

/** An empty canvas at an address of its own. */
export function goToEmpty(): void {
  rememberPipeline(null);
  // Address and canvas change in one tick: the address of the old pipeline would open it again.
  navigate("/");
  startNew("");
}
