import { useQueries } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { ask } from "@/api/client";
import type { Finding, Graph, Validation } from "@/api/documents";
import { kindOf } from "@/api/queries";
import { type Remarks, useView } from "@/canvas/view_store";
import { graphDocument, useCanvas } from "@/graph/canvas_store";
import { isObject } from "@/graph/document";
import { useDebounced } from "@/graph/use_debounced";

const PAUSE = 600;

interface Asked {
  text: string;
  nodes: { id: string; type: string }[];
}

/** Ask the server what is wrong with the graph whenever it changed, and note it by node. */
export function useRemarks(): void {
  const asked = useAsked();
  const graph = useMemo(() => JSON.parse(asked.text) as Graph, [asked.text]);
  const found = useQueries({
    queries: asked.nodes.map(({ id, type }) => ({
      queryKey: ["remarks", id, asked.text],
      queryFn: async ({ signal }: { signal: AbortSignal }) =>
        (await ask<Validation>(`/nodes/${type}/validate`, { body: { graph, node_id: id }, signal })).body
          .findings,
      staleTime: Infinity,
      gcTime: 60_000,
      retry: false,
    })),
    combine: (results) => results.map((result) => result.data),
  });
  const opened = useCanvas((state) => state.findings);
  const base = useCanvas((state) => state.base);
  useEffect(() => {
    const answered = asked.nodes.flatMap(({ id }, index) =>
      found[index] ? [{ id, findings: found[index] }] : [],
    );
    // Without a node that is validated, what was found when the pipeline was opened is all there is.
    const fallback = asked.nodes.length === 0 && base ? [{ id: null, findings: opened }] : [];
    useView.setState({
      remarks: remarksOf([...answered, ...fallback], fallback.length > 0 && base ? base : graph),
    });
  }, [asked, found, graph, opened, base]);
}

/** Remarks by node: those on a graph belong to the node or connection they point to, others to the node asked. */
export function remarksOf(
  answers: { id: string | null; findings: Finding[] }[],
  graph: Graph,
): Record<string, Remarks> {
  const remarks: Record<string, Remarks> = {};
  const seen = new Set<string>();
  for (const { id, findings } of answers) {
    for (const finding of findings) {
      const nodeId = placeOf(finding, graph) ?? id;
      const key = JSON.stringify([nodeId, finding.code, finding.message]);
      if (nodeId === null || seen.has(key)) continue;
      seen.add(key);
      const held = (remarks[nodeId] ??= { errors: 0, warnings: 0, todos: 0, messages: [] });
      held[COUNTED[finding.severity]] += 1;
      held.messages.push(finding.message);
    }
  }
  return remarks;
}

const COUNTED = { error: "errors", warning: "warnings", todo: "todos" } as const;

function placeOf(finding: Finding, graph: Graph): string | null {
  if (finding.source !== "graph") return null;
  const [, list, index] = finding.pointer.split("/");
  if (list === "nodes") return graph.nodes[Number(index)]?.id ?? null;
  if (list === "edges") return graph.edges?.[Number(index)]?.target ?? null;
  return null;
}

/** The graph as text, without what changes nothing: where nodes lie, and what runs left on them. */
function useAsked(): Asked {
  const nodes = useCanvas((state) => state.nodes);
  const edges = useCanvas((state) => state.edges);
  const kinds = useCanvas((state) => state.kinds);
  const settled = useDebounced(
    useMemo(() => ({ nodes, edges, kinds }), [nodes, edges, kinds]),
    PAUSE,
  );
  const text = useMemo(() => questionOf(settled), [settled]);
  return useMemo(() => {
    const graph = JSON.parse(text) as Graph;
    const validated = graph.nodes.filter(
      (node) => kindOf(settled.kinds, node.type)?.capabilities.validate === true,
    );
    return { text, nodes: validated.map(({ id, type }) => ({ id, type })) };
  }, [text, settled.kinds]);
}

function questionOf(settled: object): string {
  const graph = graphDocument({ ...useCanvas.getState(), ...settled });
  const nodes = graph.nodes.map(({ position: _position, ...node }) => ({
    ...node,
    data: isObject(node.data) ? { ...node.data, result: undefined } : node.data,
  }));
  return JSON.stringify({ graph_version: 1, nodes, edges: graph.edges });
}
