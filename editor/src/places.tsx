/** Components of other folders, loaded when they are first shown; those that are not there yet show nothing. */
import { type ComponentType, lazy } from "react";
import type { Estimate, Finding } from "@/api/documents";

type Module = { default: ComponentType<Record<string, unknown>> };

const modules = import.meta.glob<Module>([
  "./panel/SidePanel.tsx",
  "./run/RunPage.tsx",
  "./run/NodeBadge.tsx",
  "./run/RunButton.tsx",
  "./run/RunTab.tsx",
  "./run/RunsTab.tsx",
  "./apply/ValuesOrigin.tsx",
]);

function place<Props extends object>(path: string): ComponentType<Props> {
  const load = modules[`./${path}.tsx`];
  return (load ? lazy(load) : () => null) as ComponentType<Props>;
}

export const SidePanel = place<{ nodeId: string }>("panel/SidePanel");
export const RunPage = place<{ jobId: string }>("run/RunPage");
export const NodeBadge = place<{ nodeId: string }>("run/NodeBadge");
export const ValuesOrigin = place<{ nodeId: string }>("apply/ValuesOrigin");
export const RunTab = place<{ nodeId: string }>("run/RunTab");
export const RunsTab = place<{ nodeId: string }>("run/RunsTab");
export const RunButton = place<{
  nodeId: string;
  runnable: boolean;
  todos: Finding[];
  estimate: Estimate | undefined;
}>("run/RunButton");
