import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import { useState } from "react";
import { asSuggested, ofKind, switched, withoutRow, withRow } from "@/panel/space/row_edits";
import type { RowKind, SpaceRow } from "@/panel/space/rows";
import type { RowView } from "@/panel/space/row_views";
import { SpaceRowCard } from "@/panel/space/SpaceRowCard";
import { strings } from "@/strings";

const text = strings.panel.space;

interface Props {
  views: readonly RowView[];
  rows: readonly SpaceRow[];
  suggested: readonly SpaceRow[];
  onRows(rows: SpaceRow[]): void;
}

/** All rows; parameters that are neither suggested nor saved wait behind a button. */
export function SpaceRows({ views, rows, suggested, onRows }: Props) {
  const [all, setAll] = useState(false);
  const isExtra = (view: RowView) =>
    view.index === null && view.state === "off" && !view.parameter?.suggested;
  const extras = views.filter(isExtra).length;
  const put = (view: RowView, row: SpaceRow) => onRows(withRow(rows, suggested, view, row));
  return (
    <>
      <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0 }}>
        {views
          .filter((view) => all || !isExtra(view))
          .map((view) => (
            <SpaceRowCard
              key={view.key}
              view={view}
              onRow={(row) => put(view, row)}
              onSwitch={(on) => put(view, switched(view.row, on))}
              onKind={(kind: RowKind) => view.parameter && put(view, ofKind(view.parameter, view.row, kind))}
              onSuggested={() => view.parameter && put(view, asSuggested(view.parameter))}
              onRemove={() => view.index !== null && onRows(withoutRow(rows, view.index))}
            />
          ))}
      </Box>
      {extras > 0 && (
        <Button variant="text" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? text.showFewer : text.showMore(extras)}
        </Button>
      )}
    </>
  );
}
