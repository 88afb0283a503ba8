import { act, cleanup, render, screen } from "@testing-library/react";
import { Suspense } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Router } from "wouter";
import { memoryLocation } from "wouter/memory-location";
import Pages from "@/app/Pages";
import { strings } from "@/strings";

vi.mock("@/run/RunPage", () => ({ default: Page("jobId") }));
vi.mock("@/app/EditorPage", () => ({ default: Page("pipelineId") }));

function Page(named: string) {
  return (props: Record<string, string | null>) => {
    if (props[named] === "bad") throw new Error("a mistake in this page");
    return <p>{`${named} ${String(props[named])}`}</p>;
  };
}

async function open(path: string) {
  const { hook, navigate } = memoryLocation({ path });
  await act(async () =>
    render(
      <Router hook={hook}>
        <Suspense>
          <Pages />
        </Suspense>
      </Router>,
    ),
  );
  return navigate;
}

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

describe("a page that fails", () => {
  it("says of a run that it is not touched, and nothing of a canvas", async () => {
    await open("/runs/bad");
    const said = (await screen.findByRole("alert")).textContent;
    expect(said).toContain(strings.app.brokenRunHelp);
    expect(said).not.toContain("canvas");
  });

  it("says of a canvas that it is kept", async () => {
    await open("/pipelines/bad");
    expect((await screen.findByRole("alert")).textContent).toContain(strings.app.brokenHelp);
  });

  it.each([
    ["/runs/bad", "/runs/good", "jobId good"],
    ["/runs/bad", "/pipelines/good", "pipelineId good"],
    ["/pipelines/bad", "/runs/good", "jobId good"],
    ["/pipelines/bad", "/pipelines/good", "pipelineId good"],
    ["/pipelines/bad", "/", "pipelineId null"],
  ])("leaves others alone: from %s to %s", async (broken, next, shown) => {
    const navigate = await open(broken);
    await screen.findByRole("alert");
    act(() => navigate(next));
    expect(await screen.findByText(shown)).toBeTruthy();
    expect(screen.queryByRole("alert")).toBeNull();
  });
});
