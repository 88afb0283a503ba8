import ArrowDownward from "@mui/icons-material/ArrowDownward";
import ArrowUpward from "@mui/icons-material/ArrowUpward";
import Box from "@mui/material/Box";
import ButtonBase from "@mui/material/ButtonBase";
import { memo, useEffect, useMemo, useRef, useState } from "react";
import { numberText, valueText } from "@/graph/number_text";
import { shareText } from "@/run/metric_words";
import { cellValue, type ShownTrial, type Sorting } from "@/run/trial_rows";
import { strings } from "@/strings";

const words = strings.run.trials;
const ROW = 32;
const HEIGHT = 380;
/** Rows drawn above and below what is seen, so that a quick scroll shows no gap. */
const SPARE = 4;
/** Rows that are drawn at once; a row that leaves gives its elements to one that comes. */
const DRAWN = Math.ceil(HEIGHT / ROW) + 2 * SPARE;
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
  const { rows, params, sorting, onSort } = props;
  const columns = useMemo(() => columnsOf(rows, params), [rows, params]);
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  return (
    <Box
      role="table"
      aria-label={words.table}
      aria-rowcount={rows.length + 1}
      tabIndex={0}
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
      <Box role="rowgroup" sx={ROWS} style={{ height: rows.length * ROW, width }}>
        <Window {...props} columns={columns} />
      </Box>
    </Box>
  );
}

/** The rows in sight; what scrolls draws these alone anew. */
function Window({ rows, columns, selected, onSelect, best }: Props & { columns: Column[] }) {
  const anchor = useRef<HTMLDivElement>(null);
  const [topRow, setTopRow] = useState(0);
  useEffect(() => {
    const table = anchor.current?.closest("[role=table]");
    if (!table) return undefined;
    const look = () => setTopRow(Math.floor(table.scrollTop / ROW));
    look();
    table.addEventListener("scroll", look, { passive: true });
    return () => table.removeEventListener("scroll", look);
  }, []);
  const first = Math.max(Math.min(topRow, rows.length - 1) - SPARE, 0);
  const shown = rows.slice(first, first + DRAWN);
  return (
    <>
      <div ref={anchor} role="presentation" />
      {shown.map((trial, index) => (
        <Row
          key={(first + index) % DRAWN}
          trial={trial}
          columns={columns}
          index={first + index}
          isSelected={trial.number === selected}
          isBest={trial.number === best}
          onSelect={onSelect}
        />
      ))}
    </>
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

/** Plain elements, drawn anew only when their row changes: of the many rows of a scroll, each must cost little. */
const Row = memo(function Row({ trial, columns, index, isSelected, isBest, onSelect }: RowProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-current={isSelected}
      data-best={isBest}
      onClick={() => onSelect(trial.number)}
      style={{ transform: `translateY(${index * ROW}px)` }}
    >
      {columns.map((column) => (
        <div
          key={column.id}
          role="cell"
          data-number={column.isNumber}
          title={LONG.has(column.id) ? cellText(trial, column.id) : undefined}
          style={{ width: column.width }}
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
});

/** Looks of all rows together: one rule costs less than a style for each cell. */
const ROWS = {
  position: "relative",
  minWidth: "100%",
  fontVariantNumeric: "tabular-nums",
  "& [role=row]": {
    position: "absolute",
    top: 0,
    minWidth: "100%",
    height: ROW,
    display: "flex",
    cursor: "pointer",
    contain: "layout style",
  },
  "& [role=row][aria-current=true]": { bgcolor: "action.selected" },
  "& [role=row][data-best=true]": { fontWeight: 650 },
  "& [role=cell]": {
    flex: "none",
    px: 1,
    lineHeight: `${ROW}px`,
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
  },
  "& [role=cell][data-number=true]": { textAlign: "right" },
} as const;

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
