import { isObject } from "@/panel/facts/json";
import { tagsOf, type Schema } from "@/panel/facts/schema";

/** Adds to every union the name of its tag, so that the form finds the branch of saved data by it alone. */
export function withDiscriminators(schema: Schema): Schema {
  const copy: Schema = { ...schema };
  if (schema.oneOf) {
    copy.oneOf = schema.oneOf.map(withDiscriminators);
    const tag = soleTag(schema.oneOf);
    if (tag !== undefined) copy.discriminator = { propertyName: tag };
  }
  if (schema.items) copy.items = withDiscriminators(schema.items);
  if (schema.properties) copy.properties = mapped(schema.properties, withDiscriminators);
  return copy;
}

/** The tag that tells all branches apart by itself; a validator takes no other as a discriminator. */
function soleTag(branches: Schema[]): string | undefined {
  const tags = branches.map(tagsOf);
  const first = tags[0] ?? {};
  return Object.keys(first).find((name) => new Set(tags.map((tag) => tag[name])).size === branches.length);
}

function mapped(parts: Record<string, Schema>, change: (part: Schema) => Schema): Record<string, Schema> {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, change(part)]));
}

/** Makes the rows of the search space opaque: their own table draws them, and the form must not fill them in. */
export function withOpaqueRows(schema: Schema): Schema {
  const rows = schema.properties?.["search_space"];
  if (!rows) return schema;
  const opaque = { ...rows, items: { type: "object", title: rows.items?.title ?? "" } };
  return { ...schema, properties: { ...schema.properties, search_space: opaque } };
}

/**
 * Keeps a saved choice that is not offered any more, as a branch of its own at the end: otherwise the form would show the
 * first branch in its place, and nobody could tell.
 */
export function withKeptBranches(schema: Schema, config: unknown, title: (name: string) => string): Schema {
  if (!schema.properties || !isObject(config)) return schema;
  const properties = Object.fromEntries(
    Object.entries(schema.properties).map(([name, part]) => [name, kept(part, config[name], title)]),
  );
  return { ...schema, properties };
}

function kept(union: Schema, value: unknown, title: (name: string) => string): Schema {
  const tag = union.discriminator?.propertyName;
  if (!union.oneOf || tag === undefined || !isObject(value)) return union;
  const name = value[tag];
  if (typeof name !== "string" || union.oneOf.some((branch) => tagsOf(branch)[tag] === name)) return union;
  const branch: Schema = {
    title: title(name),
    type: "object",
    properties: { [tag]: { type: "string", const: name, default: name, readOnly: true } },
    required: [tag],
  };
  return { ...union, oneOf: [...union.oneOf, branch] };
}
