import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { ask } from "@/api/client";
import type { Estimate, Graph, Resolution } from "@/api/documents";
import { type CanvasState, graphDocument, useCanvas } from "@/graph/canvas_store";
import { useDebounced } from "@/graph/use_debounced";

const SETTLED_MS = 250;
const KEPT_MS = 60_000;

/** An answer, and whether it is of the canvas as it is now. */
export type Current<T> = UseQueryResult<T> & { current: boolean };

/** The form of a tuning node on the canvas as it is: schema, suggestions, choices, findings. */
export function useResolution(nodeId: string): Current<Resolution> {
  return useAnswer<Resolution>("resolve", nodeId);
}

/** The work that a tuning node asks for on the canvas as it is. */
export function useEstimate(nodeId: string): Current<Estimate> {
  return useAnswer<Estimate>("estimate", nodeId);
}

function useAnswer<T>(hook: "resolve" | "estimate", nodeId: string): Current<T> {
  const question = useCanvas((state) => questionOf(state, nodeId));
  const settled = useDebounced(question, SETTLED_MS);
  const query = useQuery({
    queryKey: [hook, nodeId, settled],
    queryFn: async ({ signal }) => {
      const body: unknown = JSON.parse(settled);
      return (await ask<T>(`/nodes/hyperparameter_tuning/${hook}`, { method: "POST", body, signal })).body;
    },
    placeholderData: keepPreviousData,
    staleTime: KEPT_MS,
  });
  return { ...query, current: settled === question && query.data !== undefined && !query.isPlaceholderData };
}

/** What the answer depends on, as text: where nodes lie and what earlier runs put on them is left out. */
export function questionOf(state: CanvasState, nodeId: string): string {
  const { nodes, edges } = graphDocument(state);
  const bare = nodes.map(({ id, type, data }) => {
    const { result: _result, ...held } = data;
    return { id, type, data: held };
  });
  const graph: Graph = { graph_version: 1, nodes: bare, edges };
  return JSON.stringify({ graph, node_id: nodeId });
}
