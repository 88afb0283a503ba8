import type { SystemStyleObject } from "@mui/system";
import type { Theme } from "@mui/material/styles";

/** Looks of a small table: lines between rows, numbers in columns. */
export const plainTable: SystemStyleObject<Theme> = {
  borderCollapse: "collapse",
  width: "100%",
  fontSize: "0.875rem",
  fontVariantNumeric: "tabular-nums",
  "& th": {
    textAlign: "left",
    fontWeight: 600,
    color: "text.secondary",
    p: 0.5,
    borderBottom: 1,
    borderColor: "divider",
  },
  "& td": { p: 0.5, borderBottom: 1, borderColor: "divider", overflowWrap: "anywhere" },
};
