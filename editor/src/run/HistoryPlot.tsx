import Box from "@mui/material/Box";
import FormControlLabel from "@mui/material/FormControlLabel";
import { useColorScheme } from "@mui/material/styles";
import Switch from "@mui/material/Switch";
import Typography from "@mui/material/Typography";
import { useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Report } from "@/api/documents";
import type { TrialFold } from "@/api/trial_queries";
import { numberText } from "@/graph/number_text";
import { type PlotEvents, type PlotFacts, plotColors, plotData, plotOptions } from "@/run/history_plot";
import { type History, historySeries, pointed, scoreRange } from "@/run/history_series";
import HistoryTable from "@/run/HistoryTable";
import PlotLegend from "@/run/PlotLegend";
import type { ShownTrial } from "@/run/trial_rows";
import { strings } from "@/strings";

const words = strings.run.history;
const HEIGHT = 260;

interface Props {
  trials: ShownTrial[];
  metric: string;
  direction: string;
  hasEnded: boolean;
  rungs: Report["rungs"];
  baseline: number | null;
  selected: number | null;
  folds: TrialFold[];
  onSelect: (trial: number) => void;
}

/** Scores by candidate with the best so far; scores of fewer rows and single folds have markers of their own. */
export default function HistoryPlot(props: Props) {
  const { trials, metric, direction, rungs, baseline, selected, folds, onSelect } = props;
  const [isZoomed, setZoomed] = useState(false);
  const history = useMemo(() => historySeries(trials, direction, rungs), [trials, direction, rungs]);
  const facts = useMemo((): PlotFacts => {
    const reference = baseline === null ? [] : [baseline];
    const shownFolds = folds.flatMap((fold) => fold.scores[metric] ?? []);
    const range = scoreRange(history, direction, isZoomed, [...reference, ...shownFolds]);
    return { history, range, baseline, selected, folds, metric };
  }, [history, direction, isZoomed, baseline, selected, folds, metric]);
  const [caption, events] = usePointing(history, onSelect);
  const place = usePlot(facts, events);
  const best = history.improvements.at(-1);
  const hasScores = best !== undefined || history.partial.length > 0;
  if (!hasScores) {
    return <Typography color="text.secondary">{props.hasEnded ? words.none : words.empty}</Typography>;
  }
  return (
    <Box>
      <Box sx={{ display: "flex", alignItems: "center", justifyContent: "space-between", flexWrap: "wrap" }}>
        <Typography variant="h3">{words.title}</Typography>
        <FormControlLabel
          control={
            <Switch size="small" checked={isZoomed} onChange={(_event, checked) => setZoomed(checked)} />
          }
          label={words.zoom}
          slotProps={{ typography: { variant: "body2" } }}
          sx={{ ml: 0, gap: 0.5 }}
        />
      </Box>
      <Box
        ref={place}
        role="img"
        aria-label={words.label(history.numbers.length, numberText(best?.score))}
        sx={{ width: "100%", minWidth: 0, height: HEIGHT, overflow: "hidden", cursor: "pointer" }}
      />
      <Typography
        ref={caption}
        variant="body2"
        color="text.secondary"
        aria-hidden
        sx={{ minHeight: "1.5em" }}
      >
        {words.hover}
      </Typography>
      <PlotLegend history={history} hasBaseline={baseline !== null} hasFolds={selected !== null} />
      <HistoryTable improvements={history.improvements} />
    </Box>
  );
}

/** A line of text that says what is pointed at, and the events that write it. */
function usePointing(history: History, onSelect: (trial: number) => void) {
  const caption = useRef<HTMLParagraphElement>(null);
  const events = useMemo((): PlotEvents => {
    // Written straight into the page: to draw the panel anew at each movement of the pointer would be felt.
    const point = (index: number | null) => {
      if (caption.current !== null) caption.current.textContent = pointedText(history, index);
    };
    return { point, select: onSelect };
  }, [history, onSelect]);
  return [caption, events] as const;
}

function pointedText(history: History, index: number | null): string {
  const found = pointed(history, index);
  if (found === null) return words.hover;
  return words.pointed(found.trial, found.score === null ? words[found.state] : numberText(found.score));
}

/** Keeps one plot in an element: sized with it, coloured as the theme is, fed without being made anew. */
function usePlot(facts: PlotFacts, events: PlotEvents) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const newest = useRef({ facts, events });
  const { mode, systemMode } = useColorScheme();
  const isLarge = facts.history.numbers.length > 200;
  const hasData = facts.history.improvements.length > 0 || facts.history.partial.length > 0;
  useEffect(() => {
    newest.current = { facts, events };
    plot.current?.setData(plotData(facts.history));
  }, [facts, events]);
  useEffect(() => {
    const element = place.current;
    if (element === null || !hasData) return undefined;
    const sizeOf = () => ({ width: Math.max(element.clientWidth, 200), height: HEIGHT });
    const options = plotOptions(
      sizeOf(),
      plotColors(element),
      () => newest.current.facts,
      () => newest.current.events,
    );
    const made = new uPlot(options, plotData(newest.current.facts.history), element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize(sizeOf()));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [hasData, isLarge, mode, systemMode]);
  return place;
}
