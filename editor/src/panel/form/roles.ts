type Ui = Record<string, unknown>;

/** What draws a field with a role of the published UI schema (docs/forms.md); other roles stay with the stock renderer. */
const DRAWN_BY: Record<string, Ui> = {
  column: { "ui:widget": "ColumnWidget", "ui:field": undefined },
  metric: { "ui:widget": "MetricWidget" },
  node_ref: { "ui:field": "NodeReferenceField", "ui:widget": undefined, "ui:label": undefined },
  search_space: { "ui:field": "SearchSpaceField", "ui:label": false },
};

/** Hands every field with a known role to its own widget. */
export function withRoles(ui: unknown): Ui {
  return drawn(ui) as Ui;
}

function drawn(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(drawn);
  if (typeof part !== "object" || part === null) return part;
  const copy = Object.fromEntries(
    Object.entries(part).map(([key, value]) => [key, key.startsWith("ui:") ? value : drawn(value)]),
  );
  const options = copy["ui:options"] as Ui | undefined;
  return { ...copy, ...(typeof options?.["role"] === "string" ? DRAWN_BY[options["role"]] : undefined) };
}

/** The UI schema of a union gets a hidden field for the tag of a branch that the form itself has added at the end. */
export function withKeptUi(ui: Ui, schema: { properties?: Record<string, { oneOf?: unknown[] }> }): Ui {
  const copy: Ui = { ...ui };
  for (const [name, part] of Object.entries(schema.properties ?? {})) {
    const drawnPart = copy[name] as Ui | undefined;
    const branches = drawnPart?.["oneOf"];
    if (Array.isArray(branches) && part.oneOf && part.oneOf.length > branches.length) {
      const hidden = { "ui:label": false, name: { "ui:widget": "hidden" }, kind: { "ui:widget": "hidden" } };
      copy[name] = { ...drawnPart, oneOf: [...(branches as unknown[]), hidden] };
    }
  }
  return copy;
}
