/** The published descriptors, for tests: what a server answers on GET /nodes. */
import tuning from "@published/descriptor.json";
import dataset from "@published/nodes/dataset.json";
import encode from "@published/nodes/encode.json";
import impute from "@published/nodes/impute.json";
import model from "@published/nodes/model.json";
import scale from "@published/nodes/scale.json";
import split from "@published/nodes/split.json";
import type { Descriptor } from "@/api/documents";

/** Kinds in the order of the palette. */
export const KINDS = [dataset, split, impute, scale, encode, model, tuning] as unknown as Descriptor[];
