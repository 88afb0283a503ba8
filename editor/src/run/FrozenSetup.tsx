import Box from "@mui/material/Box";
import Button from "@mui/material/Button";
import Link from "@mui/material/Link";
import Typography from "@mui/material/Typography";
import type { ReactNode } from "react";
import type { Job, TuningConfig } from "@/api/documents";
import { useNodeKinds } from "@/api/queries";
import { momentText, numberText, valueText } from "@/graph/number_text";
import { notify } from "@/graph/notices";
import { directionText, plainName } from "@/run/metric_words";
import { modelName, strategyName } from "@/run/published_names";
import { limitsText } from "@/run/RunHead";
import { strings } from "@/strings";

const words = strings.run.setup;

type Row = NonNullable<TuningConfig["search_space"]>[number];

/** The configuration that the run was started with, and where its pipeline is. */
export default function FrozenSetup({ job, evaluation }: { job: Job; evaluation: string | undefined }) {
  const { data: kinds } = useNodeKinds();
  const config = (job.config ?? {}) as TuningConfig;
  const rows = (config.search_space ?? []).filter((row) => row.enabled !== false);
  const copy = async () => {
    await navigator.clipboard.writeText(JSON.stringify(job.config, null, 2));
    notify(words.copied, "success");
  };
  return (
    <Box component="section" aria-label={words.title}>
      <Typography variant="h3">{words.title}</Typography>
      <Typography variant="body2" color="text.secondary">
        {words.help}
      </Typography>
      <Box
        component="dl"
        sx={{
          display: "grid",
          gridTemplateColumns: "minmax(110px, auto) 1fr",
          columnGap: 2,
          rowGap: 0.5,
          my: 1,
        }}
      >
        <Fact name={words.model}>{modelName(kinds, job.model_type)}</Fact>
        <Fact name={words.strategy}>{strategyName(kinds, job.strategy)}</Fact>
        <Fact name={words.metric}>{`${plainName(job.metric)}, ${directionText(job.direction)}`}</Fact>
        {evaluation && <Fact name={words.folds}>{evaluation}</Fact>}
        <Fact name={words.space}>{rows.length === 0 ? words.noSpace : <Space rows={rows} />}</Fact>
        <Fact name={words.budget}>{limitsText(job)}</Fact>
        <Fact name={words.seed}>{job.seed}</Fact>
        <Fact name={words.started}>{momentText(job.created_at)}</Fact>
        {job.finished_at && <Fact name={words.ended}>{momentText(job.finished_at)}</Fact>}
        {job.resumed_from && (
          <Fact name={words.from}>
            <Link href={`#/runs/${job.resumed_from}`}>{strings.run.badge.open}</Link>
          </Fact>
        )}
      </Box>
      <Button onClick={() => void copy()}>{words.copy}</Button>
    </Box>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <Typography component="dt" variant="body2" color="text.secondary">
        {name}
      </Typography>
      <Typography component="dd" variant="body2" sx={{ m: 0, overflowWrap: "anywhere" }}>
        {children}
      </Typography>
    </>
  );
}

function Space({ rows }: { rows: Row[] }) {
  return (
    <>
      {rows.map((row) => (
        <span key={row.name} style={{ display: "block" }}>
          {row.name}: {rangeText(row)}
        </span>
      ))}
    </>
  );
}

/** A row of a search space in words: "1e-4 to 1000, logarithmic". */
export function rangeText(row: Row): string {
  if (row.kind === "categorical") return row.choices.map(valueText).join(", ");
  const more = [row.log && words.logarithmic, row.step && row.step !== 1 && words.step(numberText(row.step))];
  return [words.range(numberText(row.low), numberText(row.high)), ...more].filter(Boolean).join(", ");
}
