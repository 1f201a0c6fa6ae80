import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Commands and oracles take longest and come first, so that no worker is left alone with one at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const folders = ["/cli/", "/oracle/", "/property/", "/"];
    const rank = ({ moduleId }: TestSpecification): number => folders.findIndex((folder) => moduleId.includes(folder));
    return files.toSorted((a, b) => rank(a) - rank(b));
  }
}

// Tests import `dist`, not `src`: the rewriting of imports that the runner does to sources
// makes hot loops many times slower than what users run.
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    reporters: ["default", "./test/count-reporter.ts"],
    server: { deps: { external: [/\/dist\//] } },
  },
});
