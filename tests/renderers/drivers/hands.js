// What a person does with any page: look, click, type, wait until it is still.
import { userEvent } from "@testing-library/user-event";

export const user = userEvent.setup({ delay: null, pointerEventsCheck: 0 });

export async function settled() {
  await new Promise((resolve) => setTimeout(resolve, 25));
}

// The first look at a page may be too early.
export async function awaited(look) {
  for (let tries = 0; tries < 400 && !look(); tries += 1) await settled();
  await settled();
}

export function found(element, what) {
  if (!element) throw new Error(`The page shows no ${what}.`);
  return element;
}

export function byText(elements, text) {
  return [...elements].find((element) => element.textContent.replace(/\*$/, "").trim() === text);
}

export async function click(element) {
  await user.click(element);
  await settled();
}

export async function typeInto(element, text) {
  if (text === "") await user.clear(element);
  else {
    await user.tripleClick(element);
    await user.keyboard(text);
  }
  element.blur();
  await settled();
}

export async function chooseOption(combobox, text) {
  await click(combobox);
  await click(found(byText(document.querySelectorAll("[role=option]"), text), `option '${text}'`));
}
