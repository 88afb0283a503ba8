import { useQuery } from "@tanstack/react-query";
import { ask } from "@/api/client";
import type { Scalar } from "@/panel/facts/json";

/** What a model says of its hyperparameters (GET /model-hyperparameters/{model_type}). */
export interface ModelFields {
  label: string;
  fields: { name: string; label: string }[];
  /** What an untouched model node runs with. */
  defaults: Record<string, Scalar>;
}

/** The hyperparameters of a model with their defaults; undefined while no model is known. */
export function useModelFields(key: string | undefined): ModelFields | undefined {
  const query = useQuery({
    queryKey: ["model-hyperparameters", key],
    enabled: key !== undefined,
    staleTime: Infinity,
    queryFn: async ({ signal }) =>
      (await ask<ModelFields>(`/model-hyperparameters/${encodeURIComponent(key ?? "")}`, { signal })).body,
  });
  return query.data;
}
