// Shows the form of each case, does its steps, submits, and writes down what came of it.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import Ajv from "ajv";
import Ajv2020 from "ajv/dist/2020.js";
import { createRoot } from "react-dom/client";
import { afterAll, expect, test } from "vitest";
import { awaited } from "./drivers/hands.js";

const KINDS = ["error", "warn"];
const DIALECTS = { "draft-07": Ajv, "2020-12": Ajv2020 };
const validators = new Map();

export function fillIn(renderer, Panel, driver) {
  const { forms, cases } = JSON.parse(readFileSync(process.env.HPT_RENDERER_CASES, "utf8"));
  const answers = {};
  for (const entry of cases.filter((item) => item.renderers.includes(renderer))) {
    test(entry.name, async () => {
      const answer = (answers[entry.name] = { submitted: null, said: [], failure: null, refused: [], milliseconds: 0 });
      const kept = KINDS.map((kind) => [kind, console[kind]]);
      for (const kind of KINDS) console[kind] = (...words) => answer.said.push(words.map(String).join(" ").slice(0, 2000));
      const started = performance.now();
      try {
        answer.submitted = await filled(Panel, driver, forms[entry.form], entry);
        answer.refused = refused(forms[entry.form].config_schema, answer.submitted);
      } catch (error) {
        answer.failure = String(error?.stack ?? error);
        throw error;
      } finally {
        answer.milliseconds = performance.now() - started;
        for (const [kind, written] of kept) console[kind] = written;
      }
    });
  }
  afterAll(() => {
    mkdirSync(process.env.HPT_RENDERER_ANSWERS, { recursive: true });
    writeFileSync(`${process.env.HPT_RENDERER_ANSWERS}/${renderer}.json`, JSON.stringify(answers));
  });
}

async function filled(Panel, driver, descriptor, { config, steps }) {
  let submitted;
  const element = document.body.appendChild(document.createElement("div"));
  const root = createRoot(element);
  root.render(<Panel descriptor={descriptor} config={config} onSubmit={(document) => (submitted = document)} />);
  await awaited(() => element.querySelector("button[type=submit]"));
  try {
    const page = driver(element, descriptor);
    for (const [verb, ...words] of steps) await page[verb](...words);
    await page.submit();
    expect(submitted, `The form was not submitted: ${(await page.complaints()).join("; ")}`).toBeDefined();
    return submitted;
  } finally {
    root.unmount();
    element.remove();
  }
}

// What Ajv as it comes has to say, in each dialect that the schema is for.
function refused(schema, document) {
  if (!validators.has(schema)) validators.set(schema, compiled(schema));
  return validators.get(schema).flatMap((validate) => (validate(document) ? [] : validate.errors.map((error) => error.message)));
}

function compiled(schema) {
  const dialects = Object.keys(DIALECTS).filter((name) => schema.$schema === undefined || schema.$schema.includes(name));
  return dialects.map((name) => new DIALECTS[name]({ logger: false }).compile(schema));
}
