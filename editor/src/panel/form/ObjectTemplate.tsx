import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { descriptionId, getUiOptions, type ObjectFieldTemplateProps, titleId } from "@rjsf/utils";
import { type Schema, typeOf } from "@/panel/facts/schema";
import { FoldedOptions } from "@/panel/form/FoldedOptions";
import { FormSections } from "@/panel/form/FormSections";

/** The fields of an object: short ones share a line where there is room. The tuning node's own are in sections. */
export function ObjectTemplate(props: ObjectFieldTemplateProps) {
  const { title, properties, fieldPathId, uiSchema, schema, formData } = props;
  const options = getUiOptions(uiSchema);
  const depth = fieldPathId.path.length;
  if (depth === 0 && options.sections === true) return <FormSections {...props} />;
  const isBranch = options.label === false;
  // Sections and folds around the first level have its title already; a branch has that of its choice.
  const isTitled = depth > 1 && title && !isBranch;
  const described = depth > 0 || isBranch ? schema.description : undefined;
  const fields = <Fields properties={properties} schema={schema as Schema} />;
  const hasFields = properties.some((property) => !property.hidden);
  return (
    <Box role="group" aria-labelledby={isTitled ? titleId(fieldPathId) : undefined}>
      {isTitled && (
        <Typography variant="h3" component="h4" id={titleId(fieldPathId)} sx={{ mb: 1.5 }}>
          {title}
        </Typography>
      )}
      {described && (
        <Typography
          variant="caption"
          color="textSecondary"
          id={descriptionId(fieldPathId)}
          component="p"
          sx={{ mb: hasFields ? 1.5 : 0 }}
        >
          {described}
        </Typography>
      )}
      {options.folded === true && hasFields ? (
        <FoldedOptions schema={schema as Schema} value={formData}>
          {fields}
        </FoldedOptions>
      ) : (
        fields
      )}
    </Box>
  );
}

function Fields({
  properties,
  schema,
}: {
  properties: ObjectFieldTemplateProps["properties"];
  schema: Schema;
}) {
  const shown = properties.filter((property) => !property.hidden);
  const short = shown.map((property) => isShort(schema.properties?.[property.name]));
  return (
    <Box
      sx={{
        display: "grid",
        gridTemplateColumns: "repeat(auto-fill, minmax(136px, 1fr))",
        gap: 1.5,
        "& > :empty": { display: "none" },
      }}
    >
      {properties
        .filter((property) => property.hidden)
        .map((property) => (
          <Box key={property.name} sx={{ display: "none" }}>
            {property.content}
          </Box>
        ))}
      {shown.map((property, index) => (
        <Box
          key={property.name}
          sx={short[index] && (short[index - 1] || short[index + 1]) ? undefined : WIDE}
        >
          {property.content}
        </Box>
      ))}
    </Box>
  );
}

const WIDE = { gridColumn: "1 / -1" };
const SHORT_TEXT = 60;

/** Numbers with a short description fit side by side; one alone takes its line. */
function isShort(part: Schema | undefined): boolean {
  if (!part || part.oneOf) return false;
  const type = typeOf(part);
  return (type === "integer" || type === "number") && (part.description ?? "").length <= SHORT_TEXT;
}
