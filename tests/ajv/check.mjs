// Compiles every schema in both dialects with Ajv's default, strict options and validates examples.
// In: {folder, schemas: {name: {schema, documents: [...]}}}. Out: {name: {dialect: {logs, error, valid}}}.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const input = JSON.parse(readFileSync(0, "utf8"));
const require = createRequire(join(input.folder, "package.json"));
const dialects = { "draft-07": require("ajv"), "2020-12": require("ajv/dist/2020") };

function check(Ajv, { schema, documents }) {
  const logs = [];
  const log = (text) => logs.push(String(text));
  const ajv = new Ajv.default({ logger: { log, warn: log, error: log } });
  try {
    const validate = ajv.compile(schema);
    const valid = documents.map((document) => validate(document) || validate.errors[0].message);
    return { logs, error: null, valid };
  } catch (error) {
    return { logs, error: error.message, valid: [] };
  }
}

const answer = {};
for (const [name, entry] of Object.entries(input.schemas)) {
  answer[name] = {};
  for (const [dialect, Ajv] of Object.entries(dialects)) answer[name][dialect] = check(Ajv, entry);
}
process.stdout.write(JSON.stringify(answer));
