import Box from "@mui/material/Box";
import CircularProgress from "@mui/material/CircularProgress";
import { strings } from "@/strings";

/** While a part of the page comes. */
export default function Loading() {
  return (
    <Box role="status" sx={{ display: "grid", placeItems: "center", height: "100%", minHeight: 120 }}>
      <CircularProgress size={28} aria-label={strings.app.loading} />
    </Box>
  );
}
