import Box from "@mui/material/Box";
import FormControl from "@mui/material/FormControl";
import Typography from "@mui/material/Typography";
import { descriptionId, errorId, type FieldTemplateProps } from "@rjsf/utils";
import { pointerOf } from "@/panel/facts/pointers";
import { FindingNotes } from "@/panel/FindingNotes";
import { usePanel } from "@/panel/panel_facts";

/** A field with what it means and what was found about it. The branch of a union leaves that to the union around it. */
export function FieldTemplate(props: FieldTemplateProps) {
  const { id, children, displayLabel, hidden, rawDescription, rawErrors, required, fieldPathId } = props;
  const { schema, uiSchema } = props;
  const { findings } = usePanel();
  if (hidden) return <Box sx={{ display: "none" }}>{children}</Box>;
  // Nothing is seen of it: not its space either.
  if (uiSchema?.["ui:field"] === "NullField") return <>{children}</>;
  const isBranch = uiSchema?.["ui:label"] === false && !uiSchema["ui:field"];
  const isRoot = fieldPathId.path.length === 0;
  // The table of the search space shows its findings itself, above the rows and at them.
  const isSpace = fieldPathId.path[0] === "search_space";
  const notes =
    isBranch || isRoot || isSpace ? [] : (findings.byPointer.get(pointerOf(fieldPathId.path)) ?? []);
  return (
    <FormControl fullWidth required={required} error={(rawErrors?.length ?? 0) > 0} component="div">
      {children}
      {displayLabel && rawDescription && schema.type !== "boolean" && (
        <Typography
          variant="caption"
          color="textSecondary"
          component="p"
          id={descriptionId(id)}
          sx={{ mt: 0.25 }}
        >
          {rawDescription}
        </Typography>
      )}
      <FindingNotes findings={notes} id={errorId(id)} />
    </FormControl>
  );
}

/** What was found stands under the field with its remedies, not in the form library's own list. */
export function NoErrors() {
  return null;
}
