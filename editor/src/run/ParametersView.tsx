import Box from "@mui/material/Box";
import Typography from "@mui/material/Typography";
import { useMemo } from "react";
import type { Report } from "@/api/documents";
import EChart from "@/run/EChart";
import Importances from "@/run/Importances";
import { plainName, shareText } from "@/run/metric_words";
import { parallelOptions, sliceOptions } from "@/run/parameter_plots";
import { strings } from "@/strings";

const words = strings.run.parameters;

interface Props {
  report: Report;
  selected: number | null;
  onSelect: (trial: number) => void;
}

/** How scores depend on parameters: parallel coordinates, what mattered, and each parameter by itself. */
export default function ParametersView({ report, selected, onSelect }: Props) {
  const { slices, direction, metric } = report;
  const options = useMemo(
    () => parallelOptions(slices.parameters, direction, plainName(metric), selected),
    [slices, direction, metric, selected],
  );
  const isEmpty = slices.total === 0;
  return (
    <Box sx={{ display: "flex", flexDirection: "column", gap: 2 }}>
      <Importances importances={report.importances} />
      {isEmpty && <Typography color="text.secondary">{words.empty}</Typography>}
      {!isEmpty && (
        <section>
          <Typography variant="h3">{words.parallel}</Typography>
          <Typography variant="body2" color="text.secondary">
            {[words.parallelHelp, resourceText(slices.resource), slices.note].filter(Boolean).join(" ")}
          </Typography>
          <EChart
            label={words.parallelLabel(slices.total)}
            height={280}
            options={options}
            onSelect={onSelect}
          />
        </section>
      )}
      {!isEmpty && <Slices report={report} selected={selected} onSelect={onSelect} />}
    </Box>
  );
}

function resourceText(resource: number | null): string | null {
  return resource === null || resource >= 1 ? null : words.resource(shareText(resource));
}

function Slices({ report, selected, onSelect }: Props) {
  return (
    <section>
      <Typography variant="h3">{words.slices}</Typography>
      <Box
        sx={{
          display: "grid",
          gridTemplateColumns: "repeat(auto-fill, minmax(min(100%, 260px), 1fr))",
          gap: 1,
        }}
      >
        {report.slices.parameters.map((slice) => (
          <Slice
            key={slice.parameter}
            slice={slice}
            metric={report.metric}
            selected={selected}
            onSelect={onSelect}
          />
        ))}
      </Box>
    </section>
  );
}

interface SliceProps {
  slice: Report["slices"]["parameters"][number];
  metric: string;
  selected: number | null;
  onSelect: (trial: number) => void;
}

function Slice({ slice, metric, selected, onSelect }: SliceProps) {
  const options = useMemo(() => sliceOptions(slice, plainName(metric), selected), [slice, metric, selected]);
  return (
    <figure style={{ margin: 0, minWidth: 0 }}>
      <Typography component="figcaption" variant="body2" sx={{ fontWeight: 600 }}>
        {slice.label === slice.parameter ? slice.parameter : `${slice.label} (${slice.parameter})`}
      </Typography>
      <EChart label={words.sliceLabel(slice.parameter)} height={180} options={options} onSelect={onSelect} />
    </figure>
  );
}
