import { createContext, useContext } from "react";
import type { Descriptor, Fix, Resolution } from "@/api/documents";
import type { Column } from "@/panel/columns";
import { type PlacedFindings, NOTHING_FOUND } from "@/panel/facts/findings";
import type { JsonObject } from "@/panel/facts/json";

/** What every part of a node's panel may need to know. */
export interface PanelFacts {
  nodeId: string;
  kind: Descriptor | null;
  /** The configuration as the form shows it: completed. */
  config: JsonObject;
  /** Of tuning nodes, once it is there. */
  resolution: Resolution | undefined;
  /** Whether findings and remedies are of the configuration as it is now. */
  current: boolean;
  findings: PlacedFindings;
  columns: Column[];
  readonly: boolean;
  /** Applies a remedy: a patch of the configuration, or steps to put before the node. */
  apply(remedy: Fix): void;
}

/** What holds while no panel is open. */
export const NO_PANEL: PanelFacts = {
  nodeId: "",
  kind: null,
  config: {},
  resolution: undefined,
  current: false,
  findings: NOTHING_FOUND,
  columns: [],
  readonly: true,
  apply: () => undefined,
};

/** Hands the facts of a panel to its fields; the form library would compare them at every field. */
export const PanelContext = createContext<PanelFacts>(NO_PANEL);

/** The facts of the panel around. */
export function usePanel(): PanelFacts {
  return useContext(PanelContext);
}
