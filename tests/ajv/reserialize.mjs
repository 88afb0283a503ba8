// Reads JSON and writes it again, as a browser does with a document on its way.
import { readFileSync } from "node:fs";

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8"))));
