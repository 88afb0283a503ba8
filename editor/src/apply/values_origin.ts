import type { Job } from "@/api/documents";
import { lastPart } from "@/apply/apply_choice";

/** Parameters of a model node that still have the values which a run wrote. */
export interface Origin {
  job: Job;
  trial: number | null;
  names: string[];
}

interface Written {
  job: Job;
  trial: number | null;
  revision: number;
  values: Map<string, unknown>;
}

/** Which values on a model node came from which run; a value that was edited since came from none. */
export function originsOf(jobs: readonly Job[], nodeId: string, data: Record<string, unknown>): Origin[] {
  const written = jobs.flatMap((job) => writtenBy(job, nodeId));
  const seen = new Set<string>();
  const origins: Origin[] = [];
  for (const { job, trial, values } of written.sort((one, other) => other.revision - one.revision)) {
    const fresh = [...values].filter(([path]) => !seen.has(path));
    fresh.forEach(([path]) => seen.add(path));
    const kept = fresh.filter(([path, value]) => isSame(valueAt({ data }, path), value));
    const names = [...new Set(kept.map(([path]) => lastPart(path)))];
    if (names.length > 0) origins.push({ job, trial, names });
  }
  return origins;
}

/** Whether a value that the newest applying of a run wrote onto a node is another one now. */
export function editedSince(
  jobs: readonly Job[],
  jobId: string,
  nodeId: string,
  data: Record<string, unknown>,
): boolean {
  const written = jobs.filter((job) => job.id === jobId).flatMap((job) => writtenBy(job, nodeId));
  const [newest] = written.sort((one, other) => other.revision - one.revision);
  return [...(newest?.values ?? [])].some(([path, value]) => !isSame(valueAt({ data }, path), value));
}

interface PatchParts {
  ops?: { op: string; node_id: string; path: string; value?: unknown }[];
  provenance?: { trial?: number | null };
}

function writtenBy(job: Job, nodeId: string): Written[] {
  const applied = (job.write_backs ?? []).filter(
    (item) => item.kind === "params" && item.state === "applied",
  );
  return applied
    .filter((item) => !(item.skipped_nodes ?? []).includes(nodeId))
    .map((item) => {
      const patch = (item.patch ?? {}) as PatchParts;
      const operations = (patch.ops ?? []).filter((each) => each.node_id === nodeId && each.op === "set");
      return {
        job,
        trial: patch.provenance?.trial ?? null,
        revision: item.revision ?? 0,
        values: new Map(operations.map((each) => [each.path, each.value])),
      };
    });
}

function valueAt(document: unknown, pointer: string): unknown {
  let found: unknown = document;
  for (const part of pointer.split("/").slice(1)) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Record<string, unknown>)[lastPart(part)];
  }
  return found;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The tuned model that was attached to a node: which run it is of, and its score. */
export interface Attached {
  jobId: string;
  score: number | null;
}

/** Find the attached model wherever the node's kind keeps it. */
export function attachedModel(data: Record<string, unknown>): Attached | null {
  for (const value of Object.values(data)) {
    if (typeof value !== "object" || value === null) continue;
    const { job_id: jobId, sha256, score } = value as Record<string, unknown>;
    if (typeof jobId === "string" && typeof sha256 === "string") {
      return { jobId, score: typeof score === "number" ? score : null };
    }
  }
  return null;
}
