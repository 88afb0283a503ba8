import { ThemeProvider } from "@mui/material/styles";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { configure, fireEvent, render, waitFor } from "@testing-library/react";
import { vi } from "vitest";
import descriptor from "@published/descriptor.json";
import dataset from "@published/nodes/dataset.json";
import impute from "@published/nodes/impute.json";
import model from "@published/nodes/model.json";
import example from "@published/examples/penguins.json";
import type { Descriptor, Graph, Resolution } from "@/api/documents";
import { EMPTY, useCanvas } from "@/graph/canvas_store";
import { drawingOf } from "@/graph/document";
import estimate from "@/panel/fixtures/estimate.json";
import fresh from "@/panel/fixtures/fresh_node.json";
import logistic from "@/panel/fixtures/logistic_regression.json";
import penguins from "@/panel/fixtures/penguins.json";
import SidePanel from "@/panel/SidePanel";
import { theme } from "@/theme";

// Machines that run tests are busy.
configure({ asyncUtilTimeout: 15_000 });

/** The published descriptors that the tests need. */
export const TUNING = descriptor as unknown as Descriptor;
const KINDS = [TUNING, dataset, impute, model] as unknown as Descriptor[];

/** What resolve answers for the penguins example, as recorded from the API. */
export const PENGUINS = penguins as unknown as Resolution;

/** What resolve answers for a node that has just been dropped. */
export const FRESH = {
  ...PENGUINS,
  ...fresh,
  config_schema: descriptor.config_schema,
  ui_schema: descriptor.ui_schema,
  suggested_search_space: [],
} as unknown as Resolution;

interface Question {
  graph: { nodes: { id: string; data: { config: Record<string, unknown> } }[]; dataset?: unknown };
}

interface Setting {
  nodeId?: string;
  /** What resolve answers, by the question. */
  resolve?: (question: Question) => Resolution | null;
  kinds?: Descriptor[];
  graph?: Graph;
}

/** Shows the panel of a node of the penguins example over answers of the API. */
export function showPanel({ nodeId = "tune", resolve = () => PENGUINS, kinds = KINDS, graph }: Setting = {}) {
  const drawn = drawingOf(graph ?? (structuredClone(example) as unknown as Graph));
  useCanvas.setState({ ...EMPTY, ...drawn, kinds });
  const answers: [RegExp, (body: Question) => unknown][] = [
    [/\/nodes$/, () => ({ items: kinds })],
    [/\/resolve$/, resolve],
    [/\/estimate$/, () => estimate],
    [/\/model-hyperparameters\//, () => logistic],
  ];
  const asked = vi.fn((url: string, init?: RequestInit) => {
    const answer = answers.find(([path]) => path.test(url))?.[1];
    const body = JSON.parse(String(init?.body ?? "null")) as Question;
    const told = answer?.(body) ?? null;
    return Promise.resolve(new Response(JSON.stringify(told), { status: told === null ? 503 : 200 }));
  });
  vi.stubGlobal("fetch", asked);
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <ThemeProvider theme={theme}>
        <SidePanel nodeId={nodeId} />
      </ThemeProvider>
    </QueryClientProvider>,
  );
  return { asked };
}

/** The configuration of a node on the canvas. */
export function configOf(nodeId: string): Record<string, unknown> {
  return useCanvas.getState().nodes.find((node) => node.id === nodeId)?.data.config ?? {};
}

const NAMED = "button, input, textarea, [role=combobox], [role=option], [role=button], [role=img]";

/** What an element is called: by its label, by what labels it, or by its text. */
function nameOf(element: Element): string {
  const own = element.getAttribute("aria-label");
  if (own !== null) return own;
  const labels = (element as HTMLInputElement).labels;
  if (labels && labels.length > 0) return labels[0].textContent ?? "";
  const by = element.getAttribute("aria-labelledby")?.split(" ")[0];
  return (by ? document.getElementById(by) : element)?.textContent ?? "";
}

/** The control of a name. Queries by role compute the style of everything: too slow for a whole panel. */
export function control(name: string | RegExp): HTMLElement {
  const found = maybe(name);
  if (!found) throw new Error(`There is no control '${String(name)}'.`);
  return found;
}

/** The control of a name, or undefined. */
export function maybe(name: string | RegExp): HTMLElement | undefined {
  const isIt = (text: string) => (typeof name === "string" ? text === name : name.test(text));
  return [...document.querySelectorAll<HTMLElement>(NAMED)].find((element) =>
    isIt(nameOf(element).replace(/\s\*$/, "")),
  );
}

/** Waits for a control. */
export async function arrived(name: string | RegExp): Promise<HTMLElement> {
  return waitFor(() => control(name));
}

/** Presses a button, a switch or an option once it is there. */
export async function press(name: string | RegExp): Promise<void> {
  fireEvent.click(await arrived(name));
}

/** Writes into a field. */
export function write(name: string, text: string): void {
  fireEvent.change(control(name), { target: { value: text } });
}

/** What a field shows. */
export function shownIn(name: string): string {
  return (control(name) as HTMLInputElement).value;
}

/** Chooses from a list. */
export async function choose(list: string, option: string): Promise<void> {
  fireEvent.mouseDown(await arrived(list));
  const options = () => [...document.querySelectorAll("[role=option]")];
  const found = await waitFor(() => {
    const wanted = options().find((item) => item.textContent === option);
    if (!wanted) throw new Error(`There is no option '${option}'.`);
    return wanted;
  });
  fireEvent.click(found);
}
