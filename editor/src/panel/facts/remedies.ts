import { applyPatch, type Operation } from "fast-json-patch";
import type { Finding, Fix } from "@/api/documents";
import { type JsonObject, plain } from "@/panel/facts/json";
import { pathOf } from "@/panel/facts/pointers";

/**
 * The configuration after a remedy; null where its patch does not fit any more.
 *
 * Patches are of the completed configuration that was answered; only the parts that they touch are taken from it, so that
 * a click on one remedy does not write down what the person left open elsewhere.
 */
export function remedied(
  current: JsonObject,
  answered: JsonObject | null,
  patch: readonly Record<string, unknown>[],
): JsonObject | null {
  const operations = plain(patch) as unknown as Operation[];
  const changed = patched({ ...current, ...answered }, operations);
  if (changed === null) return null;
  const touched = operations.map((operation) => pathOf(operation.path).at(0));
  if (touched.includes(undefined)) return changed;
  const kept = Object.entries(current).filter(([part]) => !touched.includes(part));
  const taken = Object.entries(changed).filter(([part]) => touched.includes(part));
  return Object.fromEntries([...kept, ...taken]);
}

/** The remedies of a finding, the first one first. */
export function remediesOf(finding: Pick<Finding, "fix" | "alternatives">): Fix[] {
  return [...(finding.fix ? [finding.fix] : []), ...(finding.alternatives ?? [])];
}

function patched(document: JsonObject, operations: Operation[]): JsonObject | null {
  try {
    return applyPatch(plain(document), operations, true).newDocument;
  } catch {
    // The configuration was edited since: what the patch expects is not there any more.
    return null;
  }
}
