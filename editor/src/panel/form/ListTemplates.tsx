import AddIcon from "@mui/icons-material/Add";
import ArrowDownwardIcon from "@mui/icons-material/ArrowDownward";
import ArrowUpwardIcon from "@mui/icons-material/ArrowUpward";
import ContentCopyIcon from "@mui/icons-material/ContentCopy";
import DeleteIcon from "@mui/icons-material/DeleteOutlined";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import IconButton from "@mui/material/IconButton";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import type {
  ArrayFieldItemButtonsTemplateProps,
  ArrayFieldItemTemplateProps,
  ArrayFieldTemplateProps,
} from "@rjsf/utils";
import { descriptionId, titleId } from "@rjsf/utils";
import type { ReactNode } from "react";
import { strings } from "@/strings";

const text = strings.panel.list;

/** A list: its items under one another, and a button for one more. */
export function ListTemplate({
  title,
  schema,
  items,
  canAdd,
  onAddClick,
  fieldPathId,
  disabled,
  readonly,
}: ArrayFieldTemplateProps) {
  const isTitled = fieldPathId.path.length > 1 && title;
  return (
    <Stack spacing={1} role="group" aria-labelledby={isTitled ? titleId(fieldPathId) : undefined}>
      {isTitled && (
        <Typography variant="body2" component="h4" id={titleId(fieldPathId)}>
          {title}
        </Typography>
      )}
      {schema.description && (
        <Typography variant="caption" color="textSecondary" component="p" id={descriptionId(fieldPathId)}>
          {schema.description}
        </Typography>
      )}
      {items}
      {canAdd && (
        <Box>
          <Button
            startIcon={<AddIcon />}
            variant="outlined"
            disabled={disabled || readonly}
            onClick={onAddClick}
          >
            {text.add(title)}
          </Button>
        </Box>
      )}
    </Stack>
  );
}

/** One item with its buttons above, so that it has the whole width of a narrow panel. */
export function ListItemTemplate({
  children,
  buttonsProps,
  hasToolbar,
  registry,
}: ArrayFieldItemTemplateProps) {
  const { ArrayFieldItemButtonsTemplate } = registry.templates;
  return (
    <Box sx={{ border: 1, borderColor: "divider", borderRadius: 1, p: 1 }}>
      {hasToolbar && (
        <Box sx={{ display: "flex", justifyContent: "flex-end" }}>
          <ArrayFieldItemButtonsTemplate {...buttonsProps} />
        </Box>
      )}
      {children}
    </Box>
  );
}

/** What can be done with an item. */
export function ListItemButtons(props: ArrayFieldItemButtonsTemplateProps) {
  const { hasCopy, hasMoveUp, hasMoveDown, hasRemove, index, disabled, readonly } = props;
  const isOff = Boolean(disabled || readonly);
  const number = index + 1;
  return (
    <>
      {hasMoveUp && button(text.up(number), <ArrowUpwardIcon fontSize="small" />, isOff, props.onMoveUpItem)}
      {hasMoveDown &&
        button(text.down(number), <ArrowDownwardIcon fontSize="small" />, isOff, props.onMoveDownItem)}
      {hasCopy && button(text.copy(number), <ContentCopyIcon fontSize="small" />, isOff, props.onCopyItem)}
      {hasRemove && button(text.remove(number), <DeleteIcon fontSize="small" />, isOff, props.onRemoveItem)}
    </>
  );
}

function button(name: string, icon: ReactNode, isOff: boolean, act: (event?: unknown) => void) {
  return (
    <IconButton aria-label={name} title={name} disabled={isOff} onClick={act}>
      {icon}
    </IconButton>
  );
}
