import Box from "@mui/material/Box";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import { getUiOptions, type MultiSchemaFieldTemplateProps } from "@rjsf/utils";
import { strings } from "@/strings";

interface Unavailable {
  label: string;
  reason: string;
}

/** A choice and what belongs to it; below, what would be on offer if it were installed. */
export function UnionTemplate({ selector, optionSchemaField, uiSchema }: MultiSchemaFieldTemplateProps) {
  const missing = getUiOptions(uiSchema).unavailable as Unavailable[] | undefined;
  return (
    <Stack spacing={1.5}>
      <Box sx={{ "& .MuiTextField-root": { width: "100%" } }}>
        {selector}
        {missing?.map(({ label, reason }) => (
          <Typography key={label} variant="caption" color="textSecondary" component="p" sx={{ mt: 0.5 }}>
            {strings.panel.unavailable(label)} {reason}
          </Typography>
        ))}
      </Box>
      {optionSchemaField}
    </Stack>
  );
}
