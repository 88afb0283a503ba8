import { useCallback, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { Problem } from "@/api/client";
import { isDirty, useCanvas } from "@/graph/canvas_store";
import { pipelinePath } from "@/graph/pipeline_actions";
import { openOnCanvas, startNew } from "@/graph/saving";

/** Where the last opened pipeline is remembered. */
export const LAST_KEY = "hpt-last-pipeline";
const NOT_FOUND = 404;

/** How far the pipeline of the address is. */
export interface Opening {
  pending: boolean;
  failure: string | null;
  retry: () => void;
}

/** Bring the pipeline that the address names onto the canvas; without one, the last that was opened. */
export function usePipelineRoute(asked: string | null): Opening {
  const [, go] = useLocation();
  const [failed, setFailed] = useState<{ id: string; detail: string } | null>(null);
  const [tries, setTries] = useState(0);
  const present = useCanvas((state) => state.pipelineId);
  const wanted =
    asked ?? (present === null && !isDirty(useCanvas.getState()) ? localStorage.getItem(LAST_KEY) : null);
  useEffect(() => {
    if (wanted === null || wanted === present) return;
    openOnCanvas(wanted).catch((error: unknown) => {
      if (!(error instanceof Problem)) throw error;
      if (asked === null && error.status === NOT_FOUND) {
        localStorage.removeItem(LAST_KEY);
        startNew("");
        setTries((count) => count + 1);
      } else setFailed({ id: wanted, detail: error.detail });
    });
  }, [wanted, present, asked, tries]);
  useEffect(() => {
    if (present === null) return;
    localStorage.setItem(LAST_KEY, present);
    // The first save gives the canvas its address.
    if (asked === null) go(pipelinePath(present), { replace: true });
  }, [present, asked, go]);
  const retry = useCallback(() => {
    setFailed(null);
    setTries((count) => count + 1);
  }, []);
  const failure = failed !== null && failed.id === wanted ? failed.detail : null;
  return { pending: wanted !== null && wanted !== present, failure, retry };
}
