import { defineConfig } from "vitest/config";

// The forms that are shown are data, so no file tells vitest to look again: it runs once and ends.
export default defineConfig({
  esbuild: { jsx: "automatic" },
  test: { environment: "jsdom", include: ["*.test.jsx"], testTimeout: 120_000, watch: false },
});
