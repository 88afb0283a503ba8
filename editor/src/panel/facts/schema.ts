import { isObject, type Json, type JsonObject } from "@/panel/facts/json";

/** A part of a JSON Schema in the subset that the contract publishes. */
export interface Schema {
  title?: string;
  description?: string;
  type?: string | string[];
  const?: Json;
  enum?: Json[];
  default?: Json;
  oneOf?: Schema[];
  properties?: Record<string, Schema>;
  items?: Schema;
  required?: string[];
  readOnly?: boolean;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  discriminator?: { propertyName: string };
  [keyword: string]: unknown;
}

/** The tags of a branch: its properties that are constants. */
export function tagsOf(branch: Schema): JsonObject {
  const found: JsonObject = {};
  for (const [name, part] of Object.entries(branch.properties ?? {})) {
    if (part.const !== undefined) found[name] = part.const;
  }
  return found;
}

/** The branch of a union whose tags the data have; undefined where none fits. */
export function branchOf(union: Schema, data: unknown): Schema | undefined {
  return union.oneOf?.find((branch) => {
    const tags = Object.entries(tagsOf(branch));
    return tags.length > 0 && isObject(data) && tags.every(([name, value]) => data[name] === value);
  });
}

/** The part of a schema that a key or an index of the data leads to; undefined where the schema has none. */
export function partAt(schema: Schema | undefined, data: unknown, key: string): Schema | undefined {
  const open = schema?.oneOf ? branchOf(schema, data) : schema;
  return open?.properties?.[key] ?? (Array.isArray(data) ? open?.items : undefined);
}

/** What lies below a key or an index. */
export function valueAt(data: unknown, key: string): unknown {
  if (Array.isArray(data)) return data[Number(key)] as unknown;
  return isObject(data) ? data[key] : undefined;
}

/** Only the tags of the data, at every depth: what decides which branches a form opens. */
export function tagsIn(schema: Schema | undefined, data: unknown): Json | undefined {
  const open = schema?.oneOf ? branchOf(schema, data) : schema;
  if (!open?.properties || !isObject(data)) return undefined;
  const found: JsonObject = tagsOf(open);
  for (const [name, part] of Object.entries(open.properties)) {
    const below = tagsIn(part, data[name]);
    if (below !== undefined) found[name] = below;
  }
  return found;
}

/** The first type of a part that is not null, or "" where it has none. */
export function typeOf(part: Schema): string {
  const types = typeof part.type === "string" ? [part.type] : (part.type ?? []);
  return types.find((type) => type !== "null") ?? types[0] ?? "";
}

/** Whether null is a value of a part. */
export function takesNull(part: Schema): boolean {
  return Array.isArray(part.type) ? part.type.includes("null") : part.type === "null";
}
