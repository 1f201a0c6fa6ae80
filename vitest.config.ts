import { defineConfig } from "vitest/config";

// Tests import `dist`, not `src`: the rewriting of imports that the runner does to sources
// makes hot loops many times slower than what users run.
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    reporters: ["default", "./test/count-reporter.ts"],
    server: { deps: { external: [/\/dist\//] } },
  },
});
