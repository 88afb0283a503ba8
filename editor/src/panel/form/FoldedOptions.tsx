import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Collapse from "@mui/material/Collapse";
import { type ReactNode, useId, useState } from "react";
import { isObject, same } from "@/panel/facts/json";
import type { Schema } from "@/panel/facts/schema";
import { strings } from "@/strings";

interface Props {
  schema: Schema;
  value: unknown;
  children: ReactNode;
}

/** Options behind a button that says how many of them are not at their defaults. */
export function FoldedOptions({ schema, value, children }: Props) {
  const changed = changedCount(schema, value);
  const [open, setOpen] = useState(changed > 0);
  const id = useId();
  return (
    <Box>
      <Button
        variant="text"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        sx={{ ml: -0.75 }}
      >
        {open ? strings.panel.hideOptions : strings.panel.showOptions(changed)}
      </Button>
      <Collapse in={open} id={id} unmountOnExit>
        <Box sx={{ pt: 1.5 }}>{children}</Box>
      </Collapse>
    </Box>
  );
}

function changedCount(schema: Schema, value: unknown): number {
  if (!isObject(value)) return 0;
  return Object.entries(schema.properties ?? {}).filter(
    ([name, part]) =>
      part.const === undefined &&
      part.default !== undefined &&
      name in value &&
      !same(value[name], part.default),
  ).length;
}
