import Box from "@mui/material/Box";
import { numberText } from "@/graph/number_text";
import type { Improvement } from "@/run/history_series";
import { plainTable } from "@/run/plain_table";
import { strings } from "@/strings";

const words = strings.run.history;

/** How the best score came about, for those who do not see the plot, or want the numbers. */
export default function HistoryTable({ improvements }: { improvements: Improvement[] }) {
  return (
    <Box component="details" sx={{ fontSize: "0.875rem", "& summary": { cursor: "pointer", py: 0.5 } }}>
      <summary>{words.table}</summary>
      <Box component="table" sx={plainTable}>
        <thead>
          <tr>
            <th scope="col">{words.candidate}</th>
            <th scope="col">{words.best}</th>
            <th scope="col">{words.from}</th>
          </tr>
        </thead>
        <tbody>
          {improvements.map((item) => (
            <tr key={item.trial}>
              <td>{item.trial}</td>
              <td>{numberText(item.score)}</td>
              <td>{words.origin[item.origin] ?? item.origin}</td>
            </tr>
          ))}
        </tbody>
      </Box>
    </Box>
  );
}
