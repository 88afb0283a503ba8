import Add from "@mui/icons-material/Add";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Drawer from "@mui/material/Drawer";
import { useState } from "react";
import Palette from "@/canvas/Palette";
import { strings } from "@/strings";

/** The palette of narrow windows: behind a button. */
export default function SmallPalette() {
  const [open, setOpen] = useState(false);
  return (
    <Box sx={{ display: { md: "none" }, position: "absolute", left: 12, top: 12, zIndex: 5 }}>
      <Button variant="contained" startIcon={<Add />} onClick={() => setOpen(true)}>
        {strings.canvas.palette.open}
      </Button>
      <Drawer open={open} onClose={() => setOpen(false)}>
        <Box sx={{ width: 260, height: "100%" }}>
          <Palette onAdded={() => setOpen(false)} />
        </Box>
      </Drawer>
    </Box>
  );
}
