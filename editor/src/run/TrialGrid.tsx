import ArrowDownward from "@mui/icons-material/ArrowDownward";
import ArrowUpward from "@mui/icons-material/ArrowUpward";
import Box from "@mui/material/Box";
import ButtonBase from "@mui/material/ButtonBase";
import { type UIEvent, useCallback, useState } from "react";
import { numberText, valueText } from "@/graph/number_text";
import { shareText } from "@/run/metric_words";
import { cellValue, type ShownTrial, type Sorting } from "@/run/trial_rows";
import { strings } from "@/strings";

const words = strings.run.trials;
const ROW = 32;
const HEIGHT = 380;
/** Rows drawn above and below what is seen, so that a quick scroll shows no gap. */
const SPARE = 8;
/** Columns whose texts may be cut; a tooltip has them whole. */
const LONG: ReadonlySet<string> = new Set(["how", "error"]);

interface Column {
  id: string;
  label: string;
  width: number;
  isNumber: boolean;
}

interface Props {
  rows: ShownTrial[];
  params: string[];
  sorting: Sorting;
  onSort: (sorting: Sorting) => void;
  selected: number | null;
  onSelect: (trial: number) => void;
  best: number | null;
}

/** The rows as a table of which only those in sight are drawn: thousands stay smooth. */
export default function TrialGrid(props: Props) {
  const { rows, params, sorting, onSort, selected, onSelect, best } = props;
  const [top, setTop] = useState(0);
  const columns = columnsOf(rows, params);
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  const first = Math.max(Math.min(Math.floor(top / ROW), rows.length - 1) - SPARE, 0);
  const shown = rows.slice(first, first + Math.ceil(HEIGHT / ROW) + 2 * SPARE);
  const scroll = useCallback((event: UIEvent<HTMLDivElement>) => {
    // In steps of a row: between them there is nothing new to draw.
    setTop(Math.floor(event.currentTarget.scrollTop / ROW) * ROW);
  }, []);
  return (
    <Box
      role="table"
      aria-label={words.table}
      aria-rowcount={rows.length + 1}
      tabIndex={0}
      onScroll={scroll}
      sx={{
        overflow: "auto",
        maxHeight: HEIGHT,
        border: 1,
        borderColor: "divider",
        borderRadius: 1,
        fontSize: "0.8125rem",
      }}
    >
      <Box role="rowgroup" sx={{ position: "sticky", top: 0, zIndex: 1, width, minWidth: "100%" }}>
        <Header columns={columns} sorting={sorting} onSort={onSort} />
      </Box>
      <Box role="rowgroup" sx={{ position: "relative", height: rows.length * ROW, width, minWidth: "100%" }}>
        {shown.map((trial, index) => (
          <Row
            key={trial.number}
            trial={trial}
            columns={columns}
            index={first + index}
            isSelected={trial.number === selected}
            isBest={trial.number === best}
            onSelect={onSelect}
          />
        ))}
      </Box>
    </Box>
  );
}

function columnsOf(rows: ShownTrial[], params: string[]): Column[] {
  const hasErrors = rows.some((row) => row.error !== null);
  const hasShares = rows.some((row) => row.resource !== null && row.resource < 1);
  const fixed = (id: string, width: number, isNumber = true): Column => ({
    id,
    label: words.columns[id] ?? id,
    width,
    isNumber,
  });
  return [
    fixed("number", 112),
    fixed("score", 92),
    fixed("std", 92),
    fixed("state", 118, false),
    ...params.map((name) => ({
      id: `param:${name}`,
      label: name,
      width: Math.max(96, name.length * 8 + 32),
      isNumber: false,
    })),
    fixed("n_folds", 64),
    ...(hasShares ? [fixed("resource", 70)] : []),
    fixed("how", 260, false),
    ...(hasErrors ? [fixed("error", 420, false)] : []),
  ];
}

interface HeaderProps {
  columns: Column[];
  sorting: Sorting;
  onSort: (sorting: Sorting) => void;
}

function Header({ columns, sorting, onSort }: HeaderProps) {
  return (
    <Box
      role="row"
      aria-rowindex={1}
      sx={{ display: "flex", bgcolor: "background.default", borderBottom: 1, borderColor: "divider" }}
    >
      {columns.map((column) => {
        const isSorted = sorting.column === column.id;
        const Arrow = sorting.isDescending ? ArrowDownward : ArrowUpward;
        return (
          <Box
            key={column.id}
            role="columnheader"
            aria-sort={isSorted ? (sorting.isDescending ? "descending" : "ascending") : "none"}
            sx={{ width: column.width, flex: "none" }}
          >
            <ButtonBase
              onClick={() => onSort({ column: column.id, isDescending: isSorted && !sorting.isDescending })}
              title={words.sort(column.label)}
              sx={{
                height: ROW,
                width: "100%",
                px: 1,
                justifyContent: column.isNumber ? "flex-end" : "flex-start",
                font: "inherit",
                fontWeight: 600,
              }}
            >
              {column.label}
              {isSorted && <Arrow aria-hidden sx={{ fontSize: 14, ml: 0.25 }} />}
            </ButtonBase>
          </Box>
        );
      })}
    </Box>
  );
}

interface RowProps {
  trial: ShownTrial;
  columns: Column[];
  index: number;
  isSelected: boolean;
  isBest: boolean;
  onSelect: (trial: number) => void;
}

/** Plain elements with styles of their own: of the many rows of a scroll, each must cost little. */
function Row({ trial, columns, index, isSelected, isBest, onSelect }: RowProps) {
  const background = isSelected ? "var(--mui-palette-action-selected)" : "transparent";
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-current={isSelected}
      onClick={() => onSelect(trial.number)}
      style={{
        position: "absolute",
        top: index * ROW,
        height: ROW,
        display: "flex",
        background,
        cursor: "pointer",
        fontWeight: isBest ? 650 : 400,
      }}
    >
      {columns.map((column) => (
        <div
          key={column.id}
          role="cell"
          title={LONG.has(column.id) ? cellText(trial, column.id) : undefined}
          style={{
            width: column.width,
            flex: "none",
            padding: "0 8px",
            lineHeight: `${ROW}px`,
            textAlign: column.isNumber ? "right" : "left",
            overflow: "hidden",
            textOverflow: "ellipsis",
            whiteSpace: "nowrap",
            fontVariantNumeric: "tabular-nums",
          }}
        >
          {column.id === "number" ? (
            <Choose trial={trial} isBest={isBest} onSelect={onSelect} />
          ) : (
            cellText(trial, column.id)
          )}
        </div>
      ))}
    </div>
  );
}

function Choose({
  trial,
  isBest,
  onSelect,
}: {
  trial: ShownTrial;
  isBest: boolean;
  onSelect: (trial: number) => void;
}) {
  return (
    <button
      type="button"
      aria-label={words.select(trial.number)}
      onClick={(event) => {
        event.stopPropagation();
        onSelect(trial.number);
      }}
      style={PLAIN}
    >
      {isBest ? `★ ${trial.number}` : trial.number}
    </button>
  );
}

const PLAIN = {
  font: "inherit",
  color: "inherit",
  background: "none",
  border: 0,
  padding: 0,
  minWidth: 24,
  minHeight: 24,
  textAlign: "right",
  cursor: "pointer",
} as const;

/** What a cell says, in words. */
export function cellText(trial: ShownTrial, column: string): string {
  if (column === "how") return trial.how.map((way) => words.how[way] ?? way).join(", ");
  if (column === "state") return words.states[trial.state] ?? trial.state;
  if (column === "resource") return trial.resource === null ? "" : shareText(trial.resource);
  const value = cellValue(trial, column);
  if (value === null || value === undefined) return "";
  return typeof value === "number" ? numberText(value) : valueText(value);
}
