import { useCallback, useEffect, useState } from "react";
import { useLocation } from "wouter";
import { Problem } from "@/api/client";
import { lastPipeline, leaveFor, rememberPipeline } from "@/app/leaving";
import { isDirty, useCanvas } from "@/graph/canvas_store";
import { pipelinePath } from "@/graph/pipeline_actions";
import { openOnCanvas, startNew } from "@/graph/saving";

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
  const wanted = asked ?? (present === null && !isDirty(useCanvas.getState()) ? lastPipeline() : null);
  useEffect(() => {
    if (wanted === null || wanted === present) return;
    const open = () =>
      openOnCanvas(wanted).catch((error: unknown) => {
        if (!(error instanceof Problem)) throw error;
        if (asked === null && error.status === NOT_FOUND) {
          rememberPipeline(null);
          startNew("");
          setTries((count) => count + 1);
        } else setFailed({ id: wanted, detail: error.detail });
      });
    // The address may be changed by hand, or by the browser's buttons.
    leaveFor(
      () => void open(),
      () => go(present === null ? "/" : pipelinePath(present), { replace: true }),
    );
  }, [wanted, present, asked, tries, go]);
  useEffect(() => {
    if (present === null) return;
    rememberPipeline(present);
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
