/** A place in a node as people know it from the panel: by the titles of its published schema. */
import type { Descriptor } from "@/api/documents";
import { strings } from "@/strings";

interface Schema {
  title?: string;
  properties?: Record<string, Schema>;
  oneOf?: Schema[];
}

const OWN: Record<string, string> = { label: strings.app.conflict.label, type: strings.app.conflict.type };

/** Titles along a path below a node; keys that no schema knows stay as they are. */
export function placeWords(path: string[], kind: Descriptor | undefined): string {
  const [data, section, ...inside] = path;
  if (data !== "data" || section !== "config") {
    const keys = data === "data" ? path.slice(1) : path;
    return keys.map((key, index) => (index === 0 ? (OWN[key] ?? key) : key)).join(" › ");
  }
  let schemas: Schema[] = kind ? [kind.config_schema as Schema] : [];
  const words = inside.map((key) => {
    schemas = schemas.flatMap(branchesOf).flatMap((schema) => schema.properties?.[key] ?? []);
    return schemas.find((schema) => schema.title)?.title ?? key;
  });
  return words.join(" › ");
}

function branchesOf(schema: Schema): Schema[] {
  return [schema, ...(schema.oneOf ?? []).flatMap(branchesOf)];
}
