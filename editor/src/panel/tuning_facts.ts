import { useMemo } from "react";
import type { Descriptor, Fix } from "@/api/documents";
import { type CanvasNode, useCanvas } from "@/graph/canvas_store";
import { notify } from "@/graph/notices";
import { NOTHING_FOUND, placed } from "@/panel/facts/findings";
import type { JsonObject } from "@/panel/facts/json";
import { remedied } from "@/panel/facts/remedies";
import type { Schema } from "@/panel/facts/schema";
import { completed } from "@/panel/facts/stored_config";
import type { PanelFacts } from "@/panel/panel_facts";
import { useResolution } from "@/panel/resolution";
import { strings } from "@/strings";

/** Why there is no resolution, and another try. */
export interface Failure {
  message: string;
  retry: () => void;
}

/** Everything that the panel of a tuning node shows and does. */
export function useTuningFacts(
  node: CanvasNode,
  kind: Descriptor,
): { facts: PanelFacts; failure: Failure | null } {
  const resolution = useResolution(node.id);
  const { data, current } = resolution;
  const config = useMemo(() => shownConfig(node, kind, data?.config), [node, kind, data]);
  const findings = useMemo(
    () => (data ? placed(data.findings, data.config_schema as Schema, config) : NOTHING_FOUND),
    [data, config],
  );
  const facts = useMemo<PanelFacts>(() => {
    const apply = (remedy: Fix) => applyRemedy(node.id, config, data?.config as JsonObject | null, remedy);
    const columns = data?.targets ?? [];
    return {
      nodeId: node.id,
      kind,
      config,
      resolution: data,
      current,
      findings,
      columns,
      readonly: false,
      apply,
    };
  }, [node.id, kind, config, data, current, findings]);
  const { error, refetch } = resolution;
  const failure = data || !error ? null : { message: error.message, retry: () => void refetch() };
  return { facts, failure };
}

/** The saved configuration, completed; where it is of an earlier version or a short form, as the server reads it. */
function shownConfig(node: CanvasNode, kind: Descriptor, answered: unknown): JsonObject {
  const saved = node.data.config as JsonObject;
  const space = saved["search_space"];
  const isOld = (node.data.type_version ?? kind.type_version) < kind.type_version;
  const isShort = space !== undefined && !Array.isArray(space);
  const read = (isOld || isShort) && answered ? (answered as JsonObject) : saved;
  const whole = completed(read, kind.strategy_defaults, kind.default_config);
  return Array.isArray(whole["search_space"]) ? whole : { ...whole, search_space: [] };
}

function applyRemedy(nodeId: string, config: JsonObject, answered: JsonObject | null, remedy: Fix): void {
  const { setConfig, insertSteps } = useCanvas.getState();
  if (remedy.insert_steps?.length) {
    insertSteps(nodeId, remedy.insert_steps as { kind: string; config: object }[]);
  }
  if (!remedy.patch?.length) return;
  const next = remedied(config, answered, remedy.patch);
  if (next) setConfig(nodeId, next);
  else notify(strings.panel.remedyTooLate, "warning");
}
