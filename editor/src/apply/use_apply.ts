import { useState } from "react";
import { Problem } from "@/api/client";
import type { Job, WriteBack } from "@/api/documents";
import { queryClient } from "@/api/queries";
import type { ApplyRequest, NodeRows, PreviewRow } from "@/apply/apply_choice";
import { applyAll, hasMoved, revert } from "@/apply/apply_requests";
import { notify } from "@/graph/notices";
import { strings } from "@/strings";

const words = strings.apply;

interface Chosen {
  trial: number | null;
  rows: readonly PreviewRow[];
  nodes: readonly NodeRows[];
  requests: readonly ApplyRequest[];
}

/** Applies what was chosen: closes the dialog and offers to undo, or says why nothing was written. */
export function useApply(job: Job, chosen: Chosen, onDone: () => void) {
  const [isApplying, setApplying] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const run = async () => {
    setApplying(true);
    setFailure(null);
    try {
      const overwrites = chosen.requests.some((request) => request.overwrite);
      if (overwrites && (await hasMoved(job.id, chosen.trial, chosen.rows))) {
        await queryClient.invalidateQueries({ queryKey: ["preview", job.id] });
        setFailure(words.conflict.late);
        return;
      }
      const writeBacks = await applyAll(job, chosen.requests);
      tell(job, chosen, writeBacks);
      onDone();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setFailure(error.code === "write_back_conflict" ? words.conflict.late : error.detail);
    } finally {
      setApplying(false);
    }
  };
  return { run, isApplying, failure };
}

function tell(job: Job, { nodes, requests }: Chosen, writeBacks: readonly WriteBack[]): void {
  const labelOf = (nodeId: string) => nodes.find((node) => node.nodeId === nodeId)?.label ?? nodeId;
  const skipped = writeBacks.flatMap((item) => item.skipped_nodes ?? []).map(labelOf);
  const written = requests.flatMap((request) => request.targets).map(labelOf);
  const text =
    skipped.length > 0 ? words.partly(skipped.join(", ")) : words.applied([...new Set(written)].join(", "));
  const undo = { label: words.undo, run: () => void revert(job, writeBacks.length) };
  notify(text, skipped.length > 0 ? "warning" : "success", undo);
}
