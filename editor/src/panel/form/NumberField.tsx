import { ariaDescribedByIds, type FieldProps } from "@rjsf/utils";
import { numberText } from "@/graph/number_text";
import { type Schema, takesNull } from "@/panel/facts/schema";
import { NumberInput } from "@/panel/form/NumberInput";
import { strings } from "@/strings";

/** Numbers of the form, instead of the stock field: "1e-4" may be typed, and an emptied field says null. */
export function NumberField(props: FieldProps) {
  const { fieldPathId, formData, schema, uiSchema, registry, name, onChange, disabled, readonly, required } =
    props;
  const { StringField } = registry.fields;
  if (schema.enum || uiSchema?.["ui:widget"]) return <StringField {...props} />;
  // An emptied field that takes null says null, not the default.
  const standard = takesNull(schema as Schema) ? undefined : schema.default;
  return (
    <NumberInput
      id={fieldPathId.$id}
      label={schema.title ?? name}
      hideLabel={uiSchema?.["ui:label"] === false}
      value={formData}
      required={required}
      disabled={Boolean(disabled || readonly)}
      error={(props.rawErrors?.length ?? 0) > 0}
      placeholder={
        typeof standard === "number" ? strings.panel.standardValue(numberText(standard)) : undefined
      }
      describedBy={ariaDescribedByIds(fieldPathId.$id)}
      onValue={(value) => onChange(value, fieldPathId.path)}
    />
  );
}
