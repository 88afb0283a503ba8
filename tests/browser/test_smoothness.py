"""Large pipelines and long runs stay smooth: frames of a scripted movement against an empty canvas."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.acceptance.graphs import tuning_graph
from tests.acceptance.stack import Stack
from tests.browser.conftest import OpenPage

MOST = 3.0
TRIES = 8
"""Whatever else the machine does makes frames longer, never shorter: one that is smooth will do."""

NODES = 200
CANDIDATES = 5_000
STEP_PIXELS = 320
FRAMES = """(steps) => new Promise(resolve => {
    const times = [];
    let before = performance.now();
    const next = () => {
        const now = performance.now();
        times.push(now - before);
        before = now;
        if (times.length < steps) requestAnimationFrame(next); else resolve(times);
    };
    requestAnimationFrame(next);
})"""


def many_nodes() -> dict[str, Any]:
    nodes = [
        {
            "id": f"n{number}",
            "type": "scale",
            "position": {"x": 260 * (number % 20), "y": 140 * (number // 20)},
            "data": {"config": {}},
        }
        for number in range(NODES)
    ]
    edges = [
        {
            "id": f"e{number}",
            "source": f"n{number}",
            "sourceHandle": "dataset",
            "target": f"n{number + 1}",
            "targetHandle": "dataset",
        }
        for number in range(NODES - 1)
    ]
    return {"nodes": nodes, "edges": edges}


def panned(page: Page) -> float:
    """Return the 95th percentile of the frames of a drag of the canvas, in milliseconds."""
    pane = page.locator(".react-flow__pane")
    box = pane.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.8
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(f"window.frames_seen = ({FRAMES})(60)")
    for step in range(40):
        page.mouse.move(x - 12 * step, y - 6 * step)
    times = page.evaluate("window.frames_seen")
    page.mouse.up()
    return float(statistics.quantiles(times, n=20)[-1])


def scrolled(page: Page) -> float:
    """Return the 95th percentile of the frames of a scroll through the table, ten rows a frame."""
    table = page.get_by_role("table", name="Table of all candidates")
    times = table.evaluate(
        f"""async (element) => {{
            element.scrollTop = 0;
            const times = ({FRAMES})(60);
            for (let step = 0; step < 60; step += 1) {{
                await new Promise(requestAnimationFrame);
                element.scrollTop += {STEP_PIXELS};
            }}
            return times;
        }}"""
    )
    return float(statistics.quantiles(times, n=20)[-1])


def smoothest(page: Page, move: Callable[[Page], float], empty: Page) -> list[float]:
    """Return the ratios of *move* to a drag of an empty canvas, until one is smooth or all were tried."""
    expect(empty.locator(".react-flow__pane")).to_be_visible()
    ratios: list[float] = []
    while len(ratios) < TRIES and min(ratios, default=MOST + 1) > MOST:
        ratios.append(move(page) / max(panned(empty), 1.0))
    return ratios


def test_two_hundred_nodes_move_as_an_empty_canvas_does(open_page: OpenPage, stack: Stack) -> None:
    pipeline = stack.create_pipeline(many_nodes(), "many")
    full = open_page(f"#/pipelines/{pipeline}")
    expect(full.locator(".react-flow__node").first).to_be_visible()
    ratios = smoothest(full, panned, open_page())
    assert min(ratios) <= MOST, json.dumps(ratios)


def test_five_thousand_candidates_scroll_as_an_empty_canvas_moves(open_page: OpenPage, stack: Stack) -> None:
    config = {
        "search_space": [{"kind": "float", "name": "var_smoothing", "low": 1e-12, "high": 1.0, "log": True}],
        "cross_validation": {"kind": "holdout", "test_size": 0.25},
        "budget": {"max_trials": CANDIDATES},
    }
    graph = tuning_graph(
        {"source": "sample", "name": "wine", "target": "target"}, "gaussian_nb", config=config
    )
    pipeline = stack.create_pipeline(graph, "thousands")
    job = stack.wait(stack.submit(pipeline_id=pipeline, node_id="tune")["id"])
    assert job["counts"]["complete"] > CANDIDATES, job
    page = open_page(f"#/runs/{job['id']}")
    page.get_by_role("tab", name="Candidates").click()
    table = page.get_by_role("table", name="Table of all candidates")
    expect(table).to_have_attribute("aria-rowcount", str(job["counts"]["complete"] + 1))
    ratios = smoothest(page, scrolled, open_page())
    assert table.evaluate("element => element.scrollTop") >= 30 * STEP_PIXELS
    assert min(ratios) <= MOST, json.dumps(ratios)
