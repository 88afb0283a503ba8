import DarkMode from "@mui/icons-material/DarkModeOutlined";
import LightMode from "@mui/icons-material/LightModeOutlined";
import SystemMode from "@mui/icons-material/SettingsBrightnessOutlined";
import IconButton from "@mui/material/IconButton";
import ListItemIcon from "@mui/material/ListItemIcon";
import Menu from "@mui/material/Menu";
import MenuItem from "@mui/material/MenuItem";
import { useColorScheme } from "@mui/material/styles";
import { useState } from "react";
import { strings } from "@/strings";

const MODES = [
  ["system", SystemMode],
  ["light", LightMode],
  ["dark", DarkMode],
] as const;

/** Light, dark, or as the system has it; remembered by the browser. */
export default function SchemeSwitch() {
  const { mode, setMode } = useColorScheme();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const [, Icon] = MODES.find(([name]) => name === mode) ?? MODES[0];
  return (
    <>
      <IconButton
        aria-label={strings.app.scheme.button}
        aria-haspopup="menu"
        title={strings.app.scheme.button}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <Icon fontSize="small" />
      </IconButton>
      <Menu open={anchor !== null} anchorEl={anchor} onClose={() => setAnchor(null)}>
        {MODES.map(([name, ModeIcon]) => (
          <MenuItem
            key={name}
            role="menuitemradio"
            aria-checked={mode === name}
            selected={mode === name}
            onClick={() => {
              setMode(name);
              setAnchor(null);
            }}
          >
            <ListItemIcon>
              <ModeIcon fontSize="small" />
            </ListItemIcon>
            {strings.app.scheme[name]}
          </MenuItem>
        ))}
      </Menu>
    </>
  );
}
