import { QueryClient, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { ask, Problem } from "@/api/client";
import type { Descriptor, Graph } from "@/api/documents";
import { openPipeline, type PipelineDocument } from "@/api/pipelines";

const TRIES = 3;

/** The one cache of what was asked; refusals are answers and not asked again, lost connections are. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      refetchOnWindowFocus: false,
      staleTime: 30_000,
      retry: (failures, error) =>
        failures < TRIES && !(error instanceof Problem && error.status > 0 && error.status < 500),
    },
  },
});

/** An example that comes with the server. */
export interface ExamplePipeline {
  id: string;
  name: string;
  description: string;
  graph: Graph;
}

/** Every kind of node, in the order of the palette. */
export function useNodeKinds(): UseQueryResult<Descriptor[]> {
  return useQuery({
    queryKey: ["nodes"],
    queryFn: async ({ signal }) => (await ask<{ items: Descriptor[] }>("/nodes", { signal })).body.items,
    staleTime: 5 * 60_000,
  });
}

/** The kind of a node; undefined for kinds that this server does not know. */
export function kindOf(kinds: Descriptor[] | undefined, type: string | undefined): Descriptor | undefined {
  return kinds?.find((kind) => kind.type === type);
}

/** The example pipelines, whole. */
export function useExamples(): UseQueryResult<ExamplePipeline[]> {
  return useQuery({
    queryKey: ["example-pipelines"],
    queryFn: async ({ signal }) =>
      (await ask<{ items: ExamplePipeline[] }>("/example-pipelines", { signal })).body.items,
    staleTime: Infinity,
  });
}

/** A pipeline as it is stored now, to be read only; an error where it is gone. */
export function useStoredPipeline(id: string | null): UseQueryResult<PipelineDocument> {
  return useQuery({
    queryKey: ["stored-pipeline", id],
    queryFn: async () => (await openPipeline(id ?? "")).body,
    enabled: id !== null,
  });
}
