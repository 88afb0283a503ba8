import Box from "@mui/material/Box";
import { numberText } from "@/graph/number_text";
import { choiceText } from "@/panel/space/choice_text";
import type { Example } from "@/panel/space/example_values";
import { strings } from "@/strings";

const WIDTH = 320;
const HEIGHT = 30;
const EDGE = 26;
const LINE_AT = 8;

/** Five example values where they stand on the scale of a row: evenly in the logarithm when it is logarithmic. */
export function ScaleSketch({ examples }: { examples: readonly Example[] }) {
  if (examples.length === 0) return null;
  const shown = examples.map(({ value, at }) => ({
    label: typeof value === "number" ? numberText(value) : choiceText(value),
    x: EDGE + at * (WIDTH - 2 * EDGE),
  }));
  return (
    <Box
      component="svg"
      role="img"
      aria-label={strings.panel.space.examples(shown.map((item) => item.label))}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      sx={{
        display: "block",
        width: "100%",
        maxWidth: 420,
        mt: 0.5,
        color: "text.secondary",
        overflow: "visible",
      }}
    >
      <line x1={EDGE} x2={WIDTH - EDGE} y1={LINE_AT} y2={LINE_AT} stroke="currentColor" strokeOpacity={0.5} />
      {shown.map(({ label, x }) => (
        <g key={label}>
          <circle cx={x} cy={LINE_AT} r={3} fill="currentColor" />
          <text x={x} y={HEIGHT - 4} fontSize={11} fill="currentColor" textAnchor="middle">
            {label}
          </text>
        </g>
      ))}
    </Box>
  );
}
