import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { configDefaults, defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Where the API answers while the canvas is developed: `npm run dev` beside `tuning-node serve`. */
const API = process.env.HPT_API_URL ?? "http://127.0.0.1:8321";

/** Tests that put another module in a module's place, which would stay there for the files after them. */
const MOCKED = "src/**/*.mocked.test.{ts,tsx}";

export default defineConfig({
  // Relative addresses are right below any prefix.
  base: "./",
  plugins: [react()],
  resolve: { alias: { "@": here("./src"), "@published": here("../frontend-schema") } },
  build: { outDir: "dist", emptyOutDir: true, manifest: true, target: "es2022", chunkSizeWarningLimit: 1200 },
  server: {
    proxy: {
      "^/(nodes|pipelines|example-pipelines|hyperparameter-tuning|model-hyperparameters|json-patch|readyz|docs|openapi|favicon)":
        API,
    },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/test_setup.ts"],
    // Components take seconds on a machine that is busy with the other tests.
    testTimeout: 60_000,
    restoreMocks: true,
    unstubGlobals: true,
    projects: [
      {
        extends: true,
        test: {
          name: "together",
          include: ["src/**/*.test.{ts,tsx}"],
          exclude: [...configDefaults.exclude, MOCKED],
          // One page a worker instead of one a file: making them took longer than the tests.
          isolate: false,
        },
      },
      { extends: true, test: { name: "apart", include: [MOCKED] } },
    ],
  },
});
