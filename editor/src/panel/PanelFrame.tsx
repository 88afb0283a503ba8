import Box from "@mui/material/Box";
import Stack from "@mui/material/Stack";
import type { ReactNode } from "react";

interface Props {
  header: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
}

/** The shape of every panel: a head that stays, a part that scrolls, a foot that stays. */
export function PanelFrame({ header, children, footer }: Props) {
  return (
    <Stack
      sx={{
        height: "100%",
        minHeight: 0,
        "& .MuiInputBase-root, & .MuiInputLabel-root, & .MuiFormControlLabel-label": { fontSize: "0.875rem" },
      }}
    >
      <Box sx={{ pl: 2, pr: 6, pt: 2, pb: 1, borderBottom: 1, borderColor: "divider" }}>{header}</Box>
      <Box sx={{ flex: 1, minHeight: 0, overflowY: "auto", px: 2, pb: 3, pt: 1 }} tabIndex={-1}>
        {children}
      </Box>
      {footer && <Box sx={{ borderTop: 1, borderColor: "divider", px: 2, py: 1.25 }}>{footer}</Box>}
    </Stack>
  );
}
