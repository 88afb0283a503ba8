import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

/** Which folders a folder may not import: app > canvas, panel, run, apply > graph > api. */
const ABOVE = {
  api: ["graph", "canvas", "panel", "run", "apply", "app"],
  graph: ["canvas", "panel", "run", "apply", "app"],
  canvas: ["app"],
  panel: ["app", "canvas"],
  run: ["app", "canvas"],
  apply: ["app", "canvas"],
};

const RELATIVE = { group: ["./*", "../*"], message: "Import by the alias @/." };

const layers = Object.entries(ABOVE).map(([folder, above]) => ({
  files: [`src/${folder}/**/*.{ts,tsx}`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [RELATIVE, { group: above.map((name) => `@/${name}/*`), message: "Imports go downwards." }],
      },
    ],
  },
}));

export default tseslint.config(
  { ignores: ["dist", "node_modules"] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { "react-hooks": reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      "no-restricted-imports": ["error", { patterns: [RELATIVE] }],
      "@typescript-eslint/consistent-type-imports": "error",
      // A name with an underscore in front says that it is taken out on purpose.
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      "max-lines": ["error", 400],
      "max-lines-per-function": ["error", { max: 50, skipComments: true }],
      "no-console": "error",
    },
  },
  ...layers,
  // All English texts stand in one file, whatever its length.
  { files: ["src/strings.ts"], rules: { "max-lines": "off" } },
  { files: ["src/**/*.test.{ts,tsx}"], rules: { "max-lines-per-function": "off" } },
  {
    files: ["src/**/*.test.{ts,tsx}"],
    ignores: ["src/**/*.mocked.test.{ts,tsx}"],
    rules: {
      "no-restricted-properties": [
        "error",
        ...["mock", "doMock"].map((property) => ({
          object: "vi",
          property,
          message: "The other files would get it, too: name the file *.mocked.test.",
        })),
      ],
    },
  },
);
