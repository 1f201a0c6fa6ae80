/** Ends the run with one line, `N passed, N failed`, and writes it to the file that BRINE_TEST_SUMMARY names. */
import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    let passed = 0;
    let failed = 0;
    let skipped = 0;
    for (const module of modules) {
      if (module.errors().length > 0) failed++;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed++;
        else if (state === "failed") failed++;
        else skipped++;
      }
    }
    const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
    const file = process.env["BRINE_TEST_SUMMARY"];
    if (file) writeFileSync(file, `${line}\n`);
    process.stdout.write(`${line}\n`);
  }
}
