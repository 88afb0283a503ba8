import RadioButtonUncheckedIcon from "@mui/icons-material/RadioButtonUnchecked";
import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import List from "@mui/material/List";
import ListItem from "@mui/material/ListItem";
import ListItemIcon from "@mui/material/ListItemIcon";
import Typography from "@mui/material/Typography";
import type { Finding } from "@/api/documents";
import { pathOf } from "@/panel/facts/pointers";
import { RemedyButtons } from "@/panel/RemedyButtons";
import { strings } from "@/strings";

const text = strings.panel.checklist;

/** What is still missing before the node can run: open items, not errors. */
export function Checklist({ todos }: { todos: readonly Finding[] }) {
  return (
    <Box role="status" aria-live="polite">
      {todos.length > 0 && (
        <Box sx={{ border: 1, borderColor: "divider", borderRadius: 1, p: 1.5 }}>
          <Typography variant="h3" id="panel-checklist" sx={{ mb: 0.5 }}>
            {text.title(todos.length)}
          </Typography>
          <List dense disablePadding aria-labelledby="panel-checklist">
            {todos.map((todo) => (
              <ListItem
                key={`${todo.code} ${todo.pointer}`}
                disableGutters
                sx={{ alignItems: "flex-start", py: 0.25 }}
              >
                <ListItemIcon sx={{ minWidth: 28 }}>
                  <RadioButtonUncheckedIcon fontSize="small" aria-hidden />
                </ListItemIcon>
                <Box>
                  <Typography variant="body2">{todo.message}</Typography>
                  <TodoActions todo={todo} />
                </Box>
              </ListItem>
            ))}
          </List>
        </Box>
      )}
    </Box>
  );
}

function TodoActions({ todo }: { todo: Finding }) {
  const field = todo.source === "graph" ? "" : fieldId(todo.pointer);
  return (
    <>
      <RemedyButtons finding={todo} />
      {field !== "" && (
        <Button variant="text" sx={{ ml: -0.75 }} onClick={() => document.getElementById(field)?.focus()}>
          {text.goThere}
        </Button>
      )}
    </>
  );
}

/** The id of the field that a pointer names; "" for the whole. */
function fieldId(pointer: string): string {
  return pointer === "" ? "" : ["cfg", ...pathOf(pointer)].join("_");
}
