// Fills in a page of react-jsonschema-form; every field has an id made of its place in the document.
import { byText, chooseOption, click, found, typeInto, user, settled } from "./hands.js";

const idOf = (path) => ["node", ...path.split("/")].filter(Boolean).join("_");

export function driver(root) {
  const element = (id) => found(document.getElementById(id), `'${id}'`);
  const choose = async (select, text) => {
    if (select.tagName !== "SELECT") return chooseOption(select, text);
    await user.selectOptions(select, found(byText(select.options, text), `option '${text}'`));
    await settled();
  };
  return {
    type: (path, text) => typeInto(element(idOf(path)), text),
    choose: (path, _value, label) => choose(element(idOf(path)), label),
    branch: (path, title) => choose(element(`${idOf(path)}__oneof_select`), title),
    tick: (path) => click(element(idOf(path))),
    answer: (path, yes) => click(element(`${idOf(path)}-${yes ? 0 : 1}`)),
    check: (path, _value, label) => click(found(byText(element(idOf(path)).querySelectorAll("label"), label), label)),
    add: (path) => click(element(`${idOf(path)}__add`)),
    remove: (path) => click(element(`${idOf(path)}__remove`)),
    submit: () => click(found(root.querySelector("button[type=submit]"), "submit button")),
    complaints: () => [...root.querySelectorAll(".error-detail li, .MuiList-root li")].map((item) => item.textContent),
  };
}
