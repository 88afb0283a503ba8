"""The side panel: the tuning node's settings in every state, and those of the other kinds."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

from tests.acceptance.graphs import tuning_graph
from tests.acceptance.stack import serving
from tests.browser.canvas import drag_from_palette, open_example, panel, pick, select
from tests.browser.screens.visit import LATE, Scene, Visit
from tests.outside.installing import PLUGIN, install

TUNING = "Tune hyperparameters"
KINDS = ("Dataset", "Split", "Impute", "Scale", "Encode", "Select features", "Reduce", "Model")
FOLDED = ("Fixed parameters", "Objective", "Execution", "Selection", "Write back", "Cross-validation")
STRATEGIES = {
    "random": "Random search",
    "grid": "Grid search",
    "halving": "Successive halving (grid)",
    "halving_random": "Successive halving (random)",
    "optuna": "Optuna",
}
SCROLLED = """(aside, share) => {
    const frames = [...aside.querySelectorAll("[tabindex='-1']")];
    const box = frames.find((each) => getComputedStyle(each).overflowY === "auto");
    box.scrollTop = share * (box.scrollHeight - box.clientHeight);
}"""


def tuning_page(visit: Visit, example: str = "Penguins") -> Page:
    """Open an example with its tuning node selected and its form fitted."""
    page = visit.open()
    open_example(page, example)
    select(page, TUNING)
    expect(space(page).get_by_role("listitem").first).to_be_visible()
    return page


def drawn_page(visit: Visit, name: str, *args: Any, **options: Any) -> Page:
    """Open a graph of a dataset, steps, tuning node and model, with the tuning node selected."""
    graph = tuning_graph(*args, **options)
    for index, each in enumerate(graph["nodes"]):
        each["position"] = {"x": 20 + 250 * (index % 3), "y": 40 + 220 * (index // 3)}
    pipeline = visit.once(name, lambda: visit.stack.create_pipeline(graph, name))
    page = visit.open(f"#/pipelines/{pipeline}")
    select(page, "tune")
    page.get_by_role("button", name="Show everything").click()
    return page


def space(page: Page) -> Locator:
    """Return the table of the search space."""
    return panel(page).get_by_role("group", name="Search space", exact=True)


def to_top(part: Locator) -> None:
    """Scroll so that a part stands at the top of the panel."""
    part.first.evaluate("(each) => each.scrollIntoView({ block: 'start' })")


def scrolled(visit: Visit, page: Page, name: str, pictures: int) -> None:
    """Take so many pictures from the top of the panel to its end."""
    for number in range(pictures):
        panel(page).evaluate(SCROLLED, number / (pictures - 1))
        visit.take(page, f"{name}_{number + 1}")


def _snake(title: str) -> str:
    return re.sub(r"\W+", "_", title.lower())


def _unfolded(page: Page, title: str) -> Locator:
    fold = panel(page).get_by_role("heading", level=4).get_by_role("button", name=re.compile(f"^{title}"))
    if fold.get_attribute("aria-expanded") != "true":
        fold.click()
    expect(fold).to_have_attribute("aria-expanded", "true")
    page.wait_for_timeout(LATE)
    to_top(fold)
    return fold


def panel_fresh(visit: Visit) -> None:
    """A tuning node alone: a checklist, and nothing red."""
    page = visit.open()
    drag_from_palette(page, TUNING, 120, 120)
    select(page, TUNING)
    expect(panel(page).get_by_text("steps left before it can run")).to_be_visible()
    expect(panel(page).locator(".Mui-error")).to_have_count(0)
    scrolled(visit, page, "panel_fresh", 2)
    for label, picture in (("Model", "panel_list_model"), ("Problem", "panel_list_problem")):
        panel(page).get_by_role("combobox", name=re.compile(f"^{label}")).first.click()
        expect(page.get_by_role("listbox")).to_be_visible()
        visit.take(page, picture)
        page.keyboard.press("Escape")


def panel_configure(visit: Visit) -> None:
    """The whole form of an example, from the top to its end."""
    page = tuning_page(visit)
    scrolled(visit, page, "panel_configure", 4)


def panel_advanced(visit: Visit) -> None:
    """Each part that is folded from the start, and the ways to validate."""
    page = tuning_page(visit)
    for title in (
        "Fixed parameters",
        "Objective",
        "Execution",
        "Selection",
        "Write back",
        "Cross-validation",
    ):
        fold = _unfolded(page, title)
        visit.take(page, f"panel_advanced_{_snake(title)}")
        if title != "Cross-validation":
            fold.click()
    for way in ("Folds by group", "Time series", "Holdout", "Rows at the validation port"):
        pick(page, "Cross-validation", way)
        expect(panel(page).get_by_role("combobox", name="Cross-validation")).to_contain_text(way)
        visit.take(page, f"panel_validation_{_snake(way)}")


def panel_strategies(visit: Visit) -> None:
    """The list of strategies, and the options of each."""
    page = tuning_page(visit)
    chooser = panel(page).get_by_role("combobox", name=re.compile("^Search strategy"))
    chooser.click()
    expect(page.get_by_role("listbox")).to_be_visible()
    visit.take(page, "panel_strategies")
    page.keyboard.press("Escape")
    for name, label in STRATEGIES.items():
        pick(page, "Search strategy", label)
        expect(chooser).to_contain_text(label)
        to_top(panel(page).get_by_role("heading", name="What to search"))
        visit.take(page, f"panel_strategy_{name}")
        panel(page).get_by_role("button", name=re.compile("^Options")).click()
        expect(panel(page).get_by_role("button", name="Hide options")).to_be_visible()
        to_top(chooser)
        visit.take(page, f"panel_strategy_{name}_options")
        if name == "optuna":
            to_top(panel(page).get_by_role("combobox", name=re.compile("^Pruner")))
            visit.take(page, "panel_strategy_optuna_options_2")
        panel(page).get_by_role("button", name="Hide options").click()


def panel_lists(visit: Visit) -> None:
    """The open lists of the target column, of the metric and of columns, and a list with items."""
    page = tuning_page(visit)
    panel(page).get_by_role("combobox", name="Target column").click()
    expect(page.get_by_role("option").first).to_be_visible()
    visit.take(page, "panel_list_target")
    page.keyboard.press("Escape")
    _unfolded(page, "Objective")
    panel(page).get_by_role("combobox", name=re.compile("^Metric")).click()
    expect(page.get_by_role("option").first).to_be_visible()
    visit.take(page, "panel_list_metric")
    page.keyboard.press("Escape")
    panel(page).get_by_label("Accuracy", exact=True).check()
    to_top(panel(page).get_by_text("Also report", exact=True))
    visit.take(page, "panel_list_also_report")
    _unfolded(page, "Fixed parameters")
    for _ in range(2):
        panel(page).get_by_role("button", name=re.compile("^Add to")).click()
    expect(panel(page).get_by_role("button", name="Remove item 2")).to_be_visible()
    visit.take(page, "panel_list_items")


def panel_estimate(visit: Visit) -> None:
    """What the work ahead rests on: exact, in rounds, at most, and where nothing can be counted."""
    page = tuning_page(visit)
    panel(page).get_by_role("button", name="Why?").click()
    expect(panel(page).get_by_text("The numbers are exact", exact=False)).to_be_visible()
    visit.take(page, "panel_estimate")
    pick(page, "Search strategy", "Successive halving (grid)")
    expect(panel(page).get_by_text(re.compile("^Round 1:"))).to_be_visible()
    visit.take(page, "panel_estimate_rounds")
    pick(page, "Search strategy", "Optuna")
    panel(page).get_by_label("Candidates", exact=True).first.fill("")
    expect(panel(page).get_by_text(re.compile("at most 10,?001 candidates"))).to_be_visible()
    visit.take(page, "panel_estimate_at_most")
    panel(page).get_by_label("Seconds", exact=True).fill("")
    expect(panel(page).get_by_role("button", name="Try 30 candidates")).to_be_visible()
    to_top(panel(page).get_by_role("heading", name="How long"))
    visit.take(page, "panel_estimate_unbounded")
    panel(page).get_by_role("button", name="Try 30 candidates").click()
    panel(page).get_by_label("Low of C", exact=True).fill("5000")
    expect(panel(page).get_by_text("The work cannot be counted yet")).to_be_visible()
    visit.take(page, "panel_estimate_open")


def panel_kinds(visit: Visit) -> None:
    """Every other kind of the palette, alone on the canvas, and the sources of a dataset."""
    page = visit.open()
    for kind in KINDS:
        drag_from_palette(page, kind, 120, 120)
        select(page, kind)
        visit.take(page, f"panel_kind_{_snake(kind)}")
        page.locator(".react-flow__pane").click(position={"x": 20, "y": 380})
        select(page, kind)
        if kind == "Dataset":
            for source in ("SQL table", "Sample table"):
                pick(page, "Dataset", source)
                expect(panel(page).get_by_role("combobox", name="Dataset")).to_contain_text(source)
                visit.take(page, f"panel_kind_dataset_{_snake(source)}")
        if kind == "Model":
            pick(page, "Model", "Random forest (classifier)")
            expect(panel(page).get_by_label("Trees", exact=True)).to_be_visible()
            scrolled(visit, page, "panel_kind_forest", 3)
        page.locator(".react-flow__node").locator(".card-name").click()
        page.keyboard.press("Delete")
        expect(page.locator(".react-flow__node")).to_have_count(0)


def panel_kinds_connected(visit: Visit) -> None:
    """The other kinds in an example, where the columns of the table are known."""
    page = visit.open()
    open_example(page, "Penguins")
    for kind in ("Penguins", "Split", "Fill gaps", "Encode texts", "Scale", "Logistic regression"):
        select(page, kind)
        expect(panel(page).get_by_label("Name of the node")).to_have_value(kind)
        visit.take(page, f"panel_connected_{_snake(kind)}")
    select(page, "Scale")
    columns = panel(page).get_by_role("combobox", name="Columns")
    columns.click()
    page.get_by_role("option").nth(3).click()
    columns.click()
    expect(page.get_by_role("option").first).to_be_visible()
    visit.take(page, "panel_connected_columns")


def panel_remedies(visit: Visit) -> None:
    """Findings wherever they can be, with a button each that mends them; and all of them mended but one."""
    page = drawn_page(
        visit,
        "Much to mend",
        {"source": "file", "path": "examples/penguins.csv", "target": "species"},
        "logistic_regression",
        steps=(("scale", {}),),
        config={
            "problem_type": "regression",
            "strategy": {"name": "optuna"},
            "budget": {"max_trials": None, "max_seconds": None},
            "objective": {"metric": "rmse"},
            "cross_validation": {"kind": "validation_port"},
            "fixed_params": [{"name": "max_depth", "value": 3}, {"name": "tol", "value": 1e-4}],
        },
    )
    expect(panel(page).get_by_role("button", name="Insert impute and encode")).to_be_visible()
    visit.take(page, "panel_remedies_general")
    to_top(panel(page).get_by_role("heading", name="How long"))
    visit.take(page, "panel_remedies_budget")
    panel(page).evaluate(SCROLLED, 1)
    visit.take(page, "panel_remedies_folded")
    for title in ("Cross-validation", "Objective", "Fixed parameters"):
        _unfolded(page, title)
        visit.take(page, f"panel_remedies_{_snake(title)}")
    expect(panel(page).get_by_role("button", name="Use 5 folds")).to_have_count(1)
    panel(page).get_by_role("button", name="Insert impute and encode").click()
    expect(panel(page).get_by_role("button", name="Insert impute and encode")).to_have_count(0)
    panel(page).evaluate(SCROLLED, 0)
    visit.take(page, "panel_remedies_mended")


def panel_model_lookup(visit: Visit) -> None:
    """While the form is being fitted, when that fails, and while the parameters of the model are awaited."""
    for name, pattern in (("fitting", "**/hyperparameter_tuning/*"), ("model", "**/model-hyperparameters/*")):
        page = visit.blank()
        held = _holding(page, pattern)
        page.goto(visit.stack.url)
        open_example(page, "Penguins")
        select(page, TUNING)
        expect(space(page)).to_be_visible()
        visit.take(page, f"panel_awaited_{name}")
        to_top(space(page))
        visit.take(page, f"panel_awaited_{name}_space")
        for route in held:
            route.abort()
        page.context.close()
    page = visit.blank()
    page.route("**/hyperparameter_tuning/*", _refuse)
    page.goto(visit.stack.url)
    open_example(page, "Penguins")
    select(page, TUNING)
    expect(panel(page).get_by_text("The form cannot be fitted", exact=False)).to_be_visible()
    visit.take(page, "panel_lookup_failed")


def _holding(page: Page, pattern: str) -> list[Route]:
    """Keep requests unanswered, to be ended before the page is closed."""
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route))
    return held


def _refuse(route: Route) -> None:
    document = {
        "title": "Internal error",
        "status": 500,
        "detail": "The table could not be read: disk failure.",
    }
    route.fulfill(status=500, content_type="application/problem+json", json=document)


def panel_bad_numbers(visit: Visit) -> None:
    """A text that is no number, and numbers out of their range: said at the field and at Run."""
    page = tuning_page(visit)
    candidates = panel(page).get_by_label("Candidates", exact=True).first
    candidates.fill("3x")
    expect(panel(page).get_by_text("Write a number", exact=False)).to_be_visible()
    expect(panel(page).get_by_text("“Candidates” is not a number.", exact=False)).to_be_visible()
    candidates.scroll_into_view_if_needed()
    visit.take(page, "panel_number_unread")
    candidates.fill("0")
    panel(page).get_by_label("Seconds", exact=True).fill("-5")
    expect(panel(page).locator("[aria-invalid=true]")).to_have_count(2)
    to_top(panel(page).get_by_role("heading", name="How long"))
    visit.take(page, "panel_number_wrong")


def panel_outside(visit: Visit) -> None:
    """Strategies of another package: one with its options, one that needs what is not installed."""
    packages = visit.once("plugin", lambda: _plugin(visit.folder / "packages"))
    path = os.pathsep.join(filter(None, [str(packages), os.environ.get("PYTHONPATH")]))
    with serving(visit.folder / f"outside-{visit.look.name}", {"PYTHONPATH": path}) as stack:
        page = visit.open(url=stack.url)
        open_example(page, "Diabetes")
        select(page, TUNING)
        expect(panel(page).get_by_text("is not available here.", exact=False)).to_be_visible()
        panel(page).get_by_role("combobox", name=re.compile("^Search strategy")).click()
        visit.take(page, "panel_outside_list")
        page.get_by_role("option", name=re.compile("Latin hypercube")).click()
        panel(page).get_by_role("button", name=re.compile("^Options")).click()
        panel(page).get_by_label(re.compile("Centred|Centered", re.IGNORECASE)).check()
        visit.take(page, "panel_outside_options")


def _plugin(packages: Path) -> Path:
    """Install a package of which one strategy needs what is not there."""
    strategies = install(PLUGIN, packages) / "tuning_example_plugin" / "strategies.py"
    label = 'label="Hill climbing",'
    strategies.write_text(strategies.read_text().replace(label, f'{label} requires="climbing-gear",'))
    return packages


def panel_not_installed(visit: Visit) -> None:
    """A saved strategy of a package that is not here any more."""
    diabetes = {"source": "sample", "name": "diabetes", "target": "target"}
    config = {"strategy": {"name": "latin_hypercube", "centred": True}}
    page = drawn_page(visit, "Not installed", diabetes, "ridge_regression", config=config)
    expect(panel(page).get_by_role("combobox", name="Search strategy")).to_contain_text("not installed")
    to_top(panel(page).get_by_role("heading", name="What to search"))
    visit.take(page, "panel_strategy_not_installed")


SCENES: tuple[Scene, ...] = (
    panel_fresh,
    panel_configure,
    panel_advanced,
    panel_strategies,
    panel_lists,
    panel_estimate,
    panel_kinds,
    panel_kinds_connected,
    panel_remedies,
    panel_model_lookup,
    panel_bad_numbers,
    panel_outside,
    panel_not_installed,
)
