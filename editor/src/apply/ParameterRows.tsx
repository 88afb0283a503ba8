import Box from "@mui/material/Box";
import Checkbox from "@mui/material/Checkbox";
import ToggleButton from "@mui/material/ToggleButton";
import ToggleButtonGroup from "@mui/material/ToggleButtonGroup";
import Typography from "@mui/material/Typography";
import {
  attachesModel,
  isGone,
  isTaken,
  type NodeRows,
  type ParameterRow,
  type Taken,
} from "@/apply/apply_choice";
import { valueText } from "@/graph/number_text";
import { strings } from "@/strings";

const words = strings.apply;

interface Props {
  node: NodeRows;
  taken: Taken;
  onTake: (key: string, isTaken: boolean) => void;
}

/** Before and after of one model node, a box for each parameter; edited values are decided one by one. */
export default function ParameterRows({ node, taken, onTake }: Props) {
  const edited = node.parameters.filter((row) => row.conflict !== null);
  const gone = isGone(node);
  return (
    <Box component="section" aria-label={words.values(node.label)}>
      <Typography variant="h3">{words.values(node.label)}</Typography>
      {edited.length > 0 && (
        <Typography variant="body2" color="warning.main">
          {gone ? words.conflict.gone : `${words.conflict.title}. ${words.conflict.text}`}
        </Typography>
      )}
      {!gone && (
        <Box
          component="table"
          sx={{
            width: "100%",
            borderCollapse: "collapse",
            fontSize: "0.875rem",
            fontVariantNumeric: "tabular-nums",
            "& th": { textAlign: "left", fontWeight: 600, color: "text.secondary", py: 0.5 },
            // A long sentence in the last column must not break the names in the first one.
            "& th:nth-of-type(1)": { width: "38%" },
            "& th:nth-of-type(2)": { width: "22%" },
            "& th, & td": { pr: 1 },
            "& td": { borderTop: 1, borderColor: "divider", py: 0.25, overflowWrap: "anywhere" },
          }}
        >
          <thead>
            <tr>
              <th scope="col">{words.parameter}</th>
              <th scope="col">{words.before}</th>
              <th scope="col">{words.after}</th>
            </tr>
          </thead>
          <tbody>
            {node.parameters.map((row) => (
              <Row key={row.key} row={row} label={node.label} isTaken={isTaken(taken, row)} onTake={onTake} />
            ))}
            <ModelRow node={node} taken={taken} />
          </tbody>
        </Box>
      )}
    </Box>
  );
}

interface RowProps {
  row: ParameterRow;
  label: string;
  isTaken: boolean;
  onTake: (key: string, isTaken: boolean) => void;
}

function Row({ row, label, isTaken: taken, onTake }: RowProps) {
  const after = row.after_absent ? words.unset : valueText(row.after);
  return (
    <tr>
      <td>
        <Box component="label" sx={{ display: "flex", alignItems: "center" }}>
          <Checkbox
            size="small"
            checked={taken}
            disabled={!row.changed}
            onChange={(_event, checked) => onTake(row.key, checked)}
            slotProps={{ input: { "aria-label": words.take(row.name, label) } }}
          />
          {row.name}
        </Box>
      </td>
      <td>{row.before_absent ? words.absent : valueText(row.before)}</td>
      <td>
        {row.changed ? <strong>{after}</strong> : words.same}
        {row.conflict !== null && <Decide row={row} taken={taken} onTake={onTake} />}
      </td>
    </tr>
  );
}

function Decide({ row, taken, onTake }: { row: ParameterRow; taken: boolean; onTake: RowProps["onTake"] }) {
  return (
    <ToggleButtonGroup
      exclusive
      size="small"
      value={taken ? "theirs" : "mine"}
      onChange={(_event, side: "mine" | "theirs" | null) => {
        if (side !== null) onTake(row.key, side === "theirs");
      }}
      aria-label={words.conflict.choice(row.name)}
      sx={{ display: "block", my: 0.5, "& button": { py: 0.25, textTransform: "none" } }}
    >
      <ToggleButton value="mine">{words.conflict.mine}</ToggleButton>
      <ToggleButton value="theirs">{words.conflict.theirs}</ToggleButton>
    </ToggleButtonGroup>
  );
}

function ModelRow({ node, taken }: { node: NodeRows; taken: Taken }) {
  if (node.model === null) return null;
  const isAttached = attachesModel(node, taken);
  const before = !node.model.changed
    ? words.modelAfter
    : node.model.before_absent
      ? words.absent
      : words.modelBefore;
  const after = !node.model.changed ? words.same : isAttached ? words.modelAfter : words.modelLeft;
  return (
    <tr>
      <td>
        <Box sx={{ py: 0.75, pl: 1 }} title={words.modelHelp}>
          {words.model}
        </Box>
      </td>
      <td>{before}</td>
      <td>{isAttached ? <strong>{after}</strong> : after}</td>
    </tr>
  );
}
