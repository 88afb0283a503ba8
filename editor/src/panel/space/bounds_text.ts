import type { Scalar } from "@/panel/facts/json";
import { numberText } from "@/graph/number_text";
import type { Schema } from "@/panel/facts/schema";
import { choiceText } from "@/panel/space/choice_text";
import type { RowForm } from "@/panel/space/rows";
import { strings } from "@/strings";

const text = strings.panel.space;

/** The bounds of a number in words, or "" where there are none. */
export function boundsText(part: Schema | undefined): string {
  if (!part) return "";
  const low = part.minimum ?? part.exclusiveMinimum;
  const high = part.maximum ?? part.exclusiveMaximum;
  // The ends of what JavaScript counts exactly are no bounds of a parameter.
  const hasLow = low !== undefined && low > Number.MIN_SAFE_INTEGER;
  const hasHigh = high !== undefined && high < Number.MAX_SAFE_INTEGER;
  const least = !hasLow ? "" : (part.minimum === undefined ? text.above : text.atLeast)(numberText(low));
  const most = !hasHigh ? "" : (part.maximum === undefined ? text.below : text.atMost)(numberText(high));
  return [least, most].filter((word) => word !== "").join(", ");
}

/** One line under a row: what the parameter allows, what the model has now, and what it has by itself. */
export function hintText(
  form: RowForm | undefined,
  held: Scalar | undefined,
  standard: Scalar | undefined,
): string {
  const bounds = form && form.kind !== "categorical" ? boundsText(form.schema.properties?.["low"]) : "";
  const parts = [
    bounds && text.allowed(bounds),
    held === undefined ? "" : text.now(choiceText(held)),
    standard === undefined ? "" : text.standard(choiceText(standard)),
  ];
  return parts.filter((part) => part !== "").join(" · ");
}
