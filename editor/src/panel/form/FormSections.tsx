import ExpandMoreIcon from "@mui/icons-material/ExpandMore";
import Accordion from "@mui/material/Accordion";
import AccordionDetails from "@mui/material/AccordionDetails";
import AccordionSummary from "@mui/material/AccordionSummary";
import Box from "@mui/material/Box";
import Stack from "@mui/material/Stack";
import Typography from "@mui/material/Typography";
import type { ObjectFieldTemplateProps } from "@rjsf/utils";
import { type ReactElement, useState } from "react";
import { findingsBelow } from "@/panel/facts/findings";
import { pointerOf } from "@/panel/facts/pointers";
import type { Schema } from "@/panel/facts/schema";
import { sectioned } from "@/panel/facts/sections";
import { summaryOf } from "@/panel/facts/summaries";
import { usePanel } from "@/panel/panel_facts";
import { strings } from "@/strings";

const text = strings.panel.sections;

/** The tuning node's form: three sections are open, the rest is folded, each part with a line that says what it holds. */
export function FormSections({ properties, schema }: ObjectFieldTemplateProps) {
  const contents = new Map(
    properties.filter((item) => !item.hidden).map((item) => [item.name, item.content]),
  );
  const { open, rest } = sectioned([...contents.keys()]);
  return (
    <Stack spacing={2.5}>
      {open.map(({ id, names }) => (
        <Box component="section" key={id} aria-labelledby={`panel-section-${id}`}>
          <Typography variant="h3" id={`panel-section-${id}`} sx={{ mb: 1.5 }}>
            {text[id]}
          </Typography>
          <Stack spacing={1.5}>
            {names.map((name) => (
              <Box key={name}>{contents.get(name)}</Box>
            ))}
          </Stack>
        </Box>
      ))}
      <Box component="section" aria-labelledby="panel-section-advanced">
        <Typography variant="h3" id="panel-section-advanced" sx={{ mb: 0.5 }}>
          {text.advanced}
        </Typography>
        {rest.map((name) => (
          <FoldedPart
            key={name}
            name={name}
            schema={(schema.properties?.[name] ?? {}) as Schema}
            content={contents.get(name)}
          />
        ))}
      </Box>
    </Stack>
  );
}

interface FoldedProps {
  name: string;
  schema: Schema;
  content: ReactElement | undefined;
}

function FoldedPart({ name, schema, content }: FoldedProps) {
  const { config, resolution, findings } = usePanel();
  const found = findingsBelow(findings, pointerOf([name]));
  const hasErrors = found.some((finding) => finding.severity === "error");
  const [isOpen, open] = useOpenOnErrors(hasErrors);
  return (
    <Accordion
      disableGutters
      square
      elevation={0}
      expanded={isOpen}
      onChange={(_event, wanted) => open(wanted)}
      slotProps={{ heading: { component: "h4" }, transition: { unmountOnExit: true } }}
      sx={{ borderTop: 1, borderColor: "divider", bgcolor: "transparent", "&::before": { display: "none" } }}
    >
      <AccordionSummary
        expandIcon={<ExpandMoreIcon />}
        id={`panel-fold-${name}`}
        aria-controls={`panel-fold-${name}-content`}
        sx={{ px: 0, "& .MuiAccordionSummary-content": { my: 0.75, minWidth: 0 } }}
      >
        <Box sx={{ minWidth: 0 }}>
          <Typography variant="body2" sx={{ fontWeight: 600 }}>
            {schema.title ?? name}
          </Typography>
          <Typography variant="caption" color="textSecondary" component="p" noWrap>
            {summaryOf(name, schema, { config, resolution })}
          </Typography>
          {found.length > 0 && (
            <Typography variant="caption" color={hasErrors ? "error" : "warning"} component="p">
              {hasErrors ? text.errors : text.notes(found.length)}
            </Typography>
          )}
        </Box>
      </AccordionSummary>
      <AccordionDetails sx={{ px: 0, pt: 0.5 }}>{content}</AccordionDetails>
    </Accordion>
  );
}

/** Opens when errors come, which may be after the form; what is mended in it does not close it. */
function useOpenOnErrors(hasErrors: boolean): [boolean, (open: boolean) => void] {
  const [isOpen, open] = useState(hasErrors);
  const [had, setHad] = useState(hasErrors);
  if (had !== hasErrors) {
    setHad(hasErrors);
    if (hasErrors) open(true);
  }
  return [isOpen, open];
}
