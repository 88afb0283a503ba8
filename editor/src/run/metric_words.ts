import { strings } from "@/strings";

/** "lower is better" or "higher is better": losses are shown positive, so it has to be said. */
export function directionText(direction: string): string {
  return direction === "minimize" ? strings.run.lower : strings.run.higher;
}

/** A name from the contract as words: "random_forest_classifier" as "random forest classifier". */
export function plainName(name: string): string {
  return name.replaceAll("_", " ");
}

/** A share of the rows: "33 %". */
export function shareText(share: number): string {
  const percent = share * 100;
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}
