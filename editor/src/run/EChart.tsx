import Box from "@mui/material/Box";
import { useColorScheme } from "@mui/material/styles";
import { useEffect, useRef } from "react";
import { type EChartsCoreOption, type EChartsType, init } from "@/run/echarts_parts";
import { type PlotColors, plotColors } from "@/run/history_plot";

interface Props {
  label: string;
  height: number;
  /** Makes the options for the colours that the theme has now. */
  options: (colors: PlotColors) => EChartsCoreOption;
  /** Told the number of the candidate that was clicked. */
  onSelect?: (trial: number) => void;
}

/** One ECharts plot: sized with its place, coloured as the theme is. */
export default function EChart({ label, height, options, onSelect }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const { mode, systemMode } = useColorScheme();
  useEffect(() => {
    if (place.current === null) return undefined;
    const made = init(place.current);
    chart.current = made;
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(place.current);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    if (place.current)
      chart.current?.setOption({ ...options(plotColors(place.current)), animation: false }, true);
  }, [options, mode, systemMode]);
  useEffect(() => {
    const made = chart.current;
    if (made === null || onSelect === undefined) return undefined;
    const tell = (event: unknown) => {
      const trial = Number((event as { name?: string }).name);
      if (Number.isInteger(trial)) onSelect(trial);
    };
    made.on("click", tell);
    return () => void made.off("click", tell);
  }, [onSelect]);
  return <Box ref={place} role="img" aria-label={label} sx={{ height, width: "100%", minWidth: 0 }} />;
}
