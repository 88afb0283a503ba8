// Fills in a page of JSON Forms with the Material renderers. Inside lists and unions ids do not tell the place in
// the document: a field is found by the title of each step of its path.
import { awaited, byText, chooseOption, click, found, typeInto } from "./hands.js";
import { holds, still } from "./watched.jsx";

const PANEL = ".MuiAccordion-root";
const panelOf = (element) => element.parentElement.closest(PANEL);

// What stands in this container itself, not in the panels of its rows.
function own(container, selector) {
  const panel = container.closest(PANEL);
  return [...container.querySelectorAll(selector)].filter((element) => panelOf(element) === panel);
}

function tabs(container, branches) {
  const titles = branches.map((branch) => branch.title).join();
  const lists = own(container, "[role=tablist]");
  const list = lists.find((item) => [...item.children].map((tab) => tab.textContent).join() === titles);
  return found(list, `tabs '${titles}'`);
}

const stepsOf = (path) => path.split("/").filter(Boolean);

const union = (container, schema) => tabs(container, schema.oneOf).closest(".MuiTabs-root").parentElement;

function chosen(container, schema) {
  if (!schema.oneOf) return schema;
  const selected = tabs(container, schema.oneOf).querySelector("[aria-selected=true]").textContent;
  return schema.oneOf.find((branch) => branch.title === selected);
}

function list(container, schema) {
  const heading = found(byText(own(container, "h6"), schema.title), `list '${schema.title}'`);
  return heading.closest(".MuiToolbar-root").parentElement;
}

// Goes down to where the last step of the path stands: {container, schema} of that place.
function place(root, schema, steps) {
  let at = { container: root, schema };
  for (const step of steps) {
    const inside = chosen(at.container, at.schema);
    if (inside.type === "array") {
      const row = found(own(list(at.container, inside), PANEL)[Number(step)], `row ${step}`);
      at = { container: row.querySelector("[role=region]"), schema: inside.items };
    } else {
      const next = found(inside.properties[step], `field '${step}'`);
      at = { container: next.oneOf ? union(at.container, next) : at.container, schema: next };
    }
  }
  return at;
}

function field(root, schema, path) {
  const at = place(root, schema, stepsOf(path));
  const title = chosen(at.container, at.schema).title;
  const label = found(byText(own(at.container, "label"), title), `field '${title}'`);
  return label.querySelector("input") ?? document.getElementById(label.htmlFor);
}

export function driver(root, { config_schema: schema }) {
  const rowsWith = (path) => {
    const at = place(root, schema, stepsOf(path).slice(0, -1));
    return own(list(at.container, at.schema), PANEL);
  };
  const yes = () => byText([...document.querySelectorAll("[role=dialog] button")].reverse(), "Yes");
  // What is asked first changes nothing until it is answered; a dialog is there a while after its answer.
  const confirmed = async (isDone) => {
    await awaited(() => isDone() || yes());
    if (!isDone()) await click(found(yes(), "question"));
    await awaited(() => isDone() && !document.querySelector("[role=dialog]"));
  };
  const verbs = {
    type: async (path, text) => {
      await typeInto(field(root, schema, path), text);
      await awaited(() => holds(path, text));
    },
    choose: (path, value) => chooseOption(field(root, schema, path), String(value)),
    branch: async (path, title) => {
      const at = place(root, schema, stepsOf(path));
      const tab = () => found(byText(tabs(at.container, at.schema.oneOf).children, title), `tab '${title}'`);
      await click(tab());
      await confirmed(() => tab().getAttribute("aria-selected") === "true");
    },
    tick: (path) => click(field(root, schema, path)),
    answer: async (path, yes) => {
      const box = field(root, schema, path);
      if (box.checked !== yes) await click(box);
    },
    check: (path, value) => {
      const { container } = place(root, schema, stepsOf(path).slice(0, -1));
      return click(found(byText(own(container, "label"), String(value)), `box '${value}' of '${path}'`));
    },
    add: async (path) => {
      const at = place(root, schema, stepsOf(path));
      const rows = list(at.container, at.schema);
      await click(found(own(rows, `button[aria-label^="Add to ${at.schema.title}"]`)[0], `button to add to '${path}'`));
    },
    remove: async (path) => {
      const rows = rowsWith(path);
      const row = found(rows[Number(stepsOf(path).at(-1))], `row '${path}'`);
      await click(found(row.querySelector('[aria-label="Delete button"]'), `delete button of '${path}'`));
      await confirmed(() => rowsWith(path).length < rows.length);
    },
    submit: () => click(found(root.querySelector("button[type=submit]"), "submit button")),
    complaints: () => [...root.querySelectorAll(".Mui-error.MuiFormHelperText-root")].map((item) => item.textContent),
  };
  return Object.fromEntries(Object.entries(verbs).map(([name, verb]) => [name, whenStill(verb)]));
}

// A step begins once the page holds everything that the steps before it did to the form.
function whenStill(verb) {
  return async (...words) => {
    await awaited(still);
    return verb(...words);
  };
}
