/** For tests: answers of a real server, recorded, and a page with everything that components need around them. */
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactElement } from "react";
import { Router } from "wouter";
import { memoryLocation } from "wouter/memory-location";
import { queryClient } from "@/api/queries";
import { useCanvas, EMPTY } from "@/graph/canvas_store";
import { useNotices } from "@/graph/notices";
import events from "@/run/fixtures/events.json";
import halvingJob from "@/run/fixtures/halving_job.json";
import halvingReport from "@/run/fixtures/halving_report.json";
import halvingTrials from "@/run/fixtures/halving_trials.json";
import job from "@/run/fixtures/job.json";
import preview from "@/run/fixtures/preview.json";
import report from "@/run/fixtures/report.json";
import trials from "@/run/fixtures/trials.json";
import { useRunChoice } from "@/run/run_choice";
import { vi } from "vitest";

export const JOB = job;
export const HALVING = halvingJob;

/** A request that was made. */
export interface Asked {
  method: string;
  path: string;
  body: unknown;
}

type Answer = { status?: number; body: unknown };
type Route = (asked: Asked) => Answer | undefined;

const PREFIX = "/hyperparameter-tuning-jobs";

function jobRoutes(of: { id: string }, documents: Record<string, unknown>): Route {
  return ({ method, path }) => {
    const [place = ""] = path.split("?");
    if (!place.startsWith(`${PREFIX}/${of.id}`)) return undefined;
    const part = place.slice(`${PREFIX}/${of.id}`.length);
    if (part === "/trials" && path.includes("folds=true")) return { body: oneTrial(path) };
    return method === "GET" && part in documents ? { body: documents[part] } : undefined;
  };
}

function oneTrial(path: string): unknown {
  const after = Number(new URLSearchParams(path.split("?")[1]).get("after"));
  return { ...trials, items: trials.items.filter((item) => item.number === after + 1), next: null };
}

const ROUTES: Route[] = [
  jobRoutes(job, {
    "": job,
    "/report": report,
    "/trials": trials,
    "/events": events,
    "/apply-preview": preview,
  }),
  jobRoutes(halvingJob, { "": halvingJob, "/report": halvingReport, "/trials": halvingTrials }),
  ({ path, method }) =>
    method === "GET" && path.startsWith(`${PREFIX}?`)
      ? { body: { items: [halvingJob, job], next: null } }
      : undefined,
];

/** Answer requests with recorded documents; *more* routes come first. What was asked is returned, live. */
export function serve(...more: Route[]): Asked[] {
  const all: Asked[] = [];
  vi.stubGlobal("fetch", async (input: string, init: RequestInit = {}) => {
    const url = new URL(input, document.baseURI);
    const body = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    const asked = { method: init.method ?? "GET", path: url.pathname + url.search, body };
    all.push(asked);
    const answer = [...more, ...ROUTES].map((route) => route(asked)).find((found) => found !== undefined);
    const { status = 200, body: found } = answer ?? {
      status: 404,
      body: { code: "not_found", detail: "Nothing here." },
    };
    return new Response(status === 204 ? null : JSON.stringify(found), { status });
  });
  return all;
}

/** Forget everything that tests before have left. */
export function forget(): void {
  queryClient.clear();
  useCanvas.setState({ ...EMPTY });
  useRunChoice.setState({ chosen: {} });
  useNotices.setState({ current: null });
}

/** Draw a component with cache and address. */
export function draw(element: ReactElement) {
  const { hook } = memoryLocation({ path: "/" });
  return render(
    <Router hook={hook}>
      <QueryClientProvider client={queryClient}>{element}</QueryClientProvider>
    </Router>,
  );
}
