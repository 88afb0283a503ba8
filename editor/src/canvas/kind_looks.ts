/** How kinds and ports are told apart by eye; each has a text, too. */
import type { Descriptor } from "@/api/documents";

/** Hues of categories, as CSS custom properties of canvas.css. */
const CATEGORIES: Record<string, string> = {
  Data: "data",
  Preparation: "preparation",
  Modeling: "modeling",
};

/** The hue of a kind. */
export function hueOf(kind: Descriptor | undefined): string {
  if (kind === undefined) return "unknown";
  if (kind.category.includes("Tuning")) return "tuning";
  return CATEGORIES[kind.category[0]] ?? "other";
}

/** The hue of a port by the first part of its type. */
export function portHue(type: string | undefined): string {
  const first = (type ?? "").split(".")[0];
  return ["table", "params", "model", "report"].includes(first) ? first : "any";
}
