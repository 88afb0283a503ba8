import { useEffect, useState } from "react";
import { isDirty, useCanvas } from "@/graph/canvas_store";
import { savePipeline } from "@/graph/saving";

/** What is on the canvas is saved before anything is applied: the server compares with what is stored. */
export function useSavedFirst(pipelineId: string | null): "saving" | "saved" | "failed" {
  const [state, setState] = useState<"saving" | "saved" | "failed">(() =>
    mustSave(pipelineId) ? "saving" : "saved",
  );
  useEffect(() => {
    let isGone = false;
    if (state === "saving") {
      void savePipeline().then((saved) => {
        if (!isGone) setState(saved === "saved" ? "saved" : "failed");
      });
    }
    return () => {
      isGone = true;
    };
  }, [state]);
  return state;
}

function mustSave(pipelineId: string | null): boolean {
  const canvas = useCanvas.getState();
  return pipelineId !== null && canvas.pipelineId === pipelineId && isDirty(canvas);
}
