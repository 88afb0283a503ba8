import { numberText } from "@/graph/number_text";
import { strings } from "@/strings";

const words = strings.apply;

/** The gain over the current settings in plain words; positive is better, whichever way the metric goes. */
export function gainText(score: number, before: number, direction: string): string {
  const gain = direction === "minimize" ? before - score : score - before;
  if (gain === 0) return words.noGain(numberText(before));
  if (gain < 0) return words.loss(numberText(-gain), numberText(before));
  const percent = (gain / Math.abs(before)) * 100;
  const share = before === 0 ? null : `${numberText(Number(percent.toPrecision(2)))} %`;
  return words.gain(numberText(gain), numberText(before), share);
}
