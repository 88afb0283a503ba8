import { Widgets } from "@rjsf/mui";
import type { WidgetProps } from "@rjsf/utils";
import { strings } from "@/strings";

const { SelectWidget: StockSelect } = Widgets;

/** A choice of the form: an absent value shows the default that it stands for, and null is called something. */
export function SelectWidget(props: WidgetProps) {
  const { value, schema, options } = props;
  const enumOptions = options.enumOptions?.map((option) =>
    option.value === null && option.label === "null" ? { ...option, label: strings.panel.nothing } : option,
  );
  const shown: unknown = value === undefined ? schema.default : value;
  return StockSelect ? <StockSelect {...props} value={shown} options={{ ...options, enumOptions }} /> : null;
}
