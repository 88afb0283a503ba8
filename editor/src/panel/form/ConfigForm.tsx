import type { IChangeEvent } from "@rjsf/core";
import Form from "@rjsf/mui";
import type { ErrorSchema, RJSFSchema, UiSchema } from "@rjsf/utils";
import { useMemo } from "react";
import { errorTree } from "@/panel/facts/findings";
import { type JsonObject, plain } from "@/panel/facts/json";
import type { Schema } from "@/panel/facts/schema";
import { CheckboxWidget } from "@/panel/form/CheckboxWidget";
import { ColumnWidget } from "@/panel/form/ColumnWidget";
import { FieldTemplate, NoErrors } from "@/panel/form/FieldTemplate";
import { ListItemButtons, ListItemTemplate, ListTemplate } from "@/panel/form/ListTemplates";
import { MetricWidget } from "@/panel/form/MetricWidget";
import { NodeReferenceField } from "@/panel/form/NodeReferenceField";
import { NumberField } from "@/panel/form/NumberField";
import { ObjectTemplate } from "@/panel/form/ObjectTemplate";
import { SelectWidget } from "@/panel/form/SelectWidget";
import { UnionTemplate } from "@/panel/form/UnionTemplate";
import { validator } from "@/panel/form/validator";
import { usePanel } from "@/panel/panel_facts";
import { SearchSpaceField } from "@/panel/space/SearchSpaceField";

const FIELDS = { NumberField, NodeReferenceField, SearchSpaceField };
const WIDGETS = { CheckboxWidget, ColumnWidget, MetricWidget, SelectWidget };
const TEMPLATES = {
  FieldTemplate,
  FieldErrorTemplate: NoErrors,
  ObjectFieldTemplate: ObjectTemplate,
  MultiSchemaFieldTemplate: UnionTemplate,
  ArrayFieldTemplate: ListTemplate,
  ArrayFieldItemTemplate: ListItemTemplate,
  ArrayFieldItemButtonsTemplate: ListItemButtons,
};

interface Props {
  schema: Schema;
  uiSchema: object;
  data: JsonObject;
  /** Called for edits of the person only, not for defaults that the form fills in. */
  onEdit(data: JsonObject, filledIn: (data: JsonObject) => unknown): void;
}

/** The form of a configuration, from its published schema and UI schema. */
export function ConfigForm({ schema, uiSchema, data, onEdit }: Props) {
  const { findings, readonly } = usePanel();
  const extraErrors = useMemo(() => errorTree(findings) as ErrorSchema, [findings]);
  const edited = (event: IChangeEvent, id?: string) => {
    // Without a field behind it, the form has only filled in defaults: nobody has edited anything.
    if (id === undefined) return;
    const next = plain(event.formData as JsonObject);
    onEdit(next, (bare) => event.schemaUtils.getDefaultFormState(event.schema, bare) as unknown);
  };
  return (
    <Form
      tagName="div"
      idPrefix="cfg"
      schema={schema as RJSFSchema}
      uiSchema={uiSchema as UiSchema}
      formData={data}
      validator={validator}
      noValidate
      showErrorList={false}
      extraErrors={extraErrors}
      readonly={readonly}
      fields={FIELDS}
      widgets={WIDGETS}
      templates={TEMPLATES}
      onChange={edited}
    >
      <></>
    </Form>
  );
}
