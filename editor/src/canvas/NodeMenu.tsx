import Delete from "@mui/icons-material/DeleteOutlined";
import ContentCopy from "@mui/icons-material/ContentCopy";
import ControlPointDuplicate from "@mui/icons-material/ControlPointDuplicate";
import DriveFileRename from "@mui/icons-material/DriveFileRenameOutlineOutlined";
import Polyline from "@mui/icons-material/PolylineOutlined";
import ListItemIcon from "@mui/material/ListItemIcon";
import ListItemText from "@mui/material/ListItemText";
import Menu from "@mui/material/Menu";
import MenuItem from "@mui/material/MenuItem";
import Typography from "@mui/material/Typography";
import type { SvgIconProps } from "@mui/material/SvgIcon";
import type { ComponentType } from "react";
import { copyNodes, duplicateNodes, removeNodes } from "@/canvas/selection_actions";
import { useView } from "@/canvas/view_store";
import { isNewer, useCanvas } from "@/graph/canvas_store";
import { strings } from "@/strings";

const words = strings.canvas.menu;

type Entry = [text: string, key: string, Icon: ComponentType<SvgIconProps>, act: (nodeId: string) => void];

const ENTRIES: Entry[] = [
  [words.connect, "", Polyline, (nodeId) => useView.setState({ connecting: nodeId })],
  [words.rename, "", DriveFileRename, (nodeId) => useView.setState({ renaming: nodeId })],
  [words.copy, "Ctrl+C", ContentCopy, (nodeId) => copyNodes([nodeId])],
  [words.duplicate, "Ctrl+D", ControlPointDuplicate, (nodeId) => duplicateNodes([nodeId])],
  [words.remove, "Delete", Delete, (nodeId) => removeNodes([nodeId])],
];

/** What can be done with one node, by mouse and by keyboard. */
export default function NodeMenu() {
  const menu = useView((view) => view.menu);
  const readOnly = useCanvas((state) => {
    const node = state.nodes.find((each) => each.id === menu?.nodeId);
    return node !== undefined && isNewer(node, state.kinds);
  });
  const close = () => useView.setState({ menu: null });
  return (
    <Menu
      open={menu !== null}
      onClose={close}
      anchorReference="anchorPosition"
      anchorPosition={menu ? { left: menu.left, top: menu.top } : undefined}
    >
      {ENTRIES.map(([text, key, Icon, act]) => (
        <MenuItem
          key={text}
          disabled={readOnly && text === words.rename}
          onClick={() => {
            close();
            if (menu) act(menu.nodeId);
          }}
        >
          <ListItemIcon>
            <Icon fontSize="small" />
          </ListItemIcon>
          <ListItemText>{text}</ListItemText>
          <Typography variant="caption" color="text.secondary" sx={{ ml: 3 }}>
            {key}
          </Typography>
        </MenuItem>
      ))}
    </Menu>
  );
}
