/** Help and version: what they show on terminals of any width, and how little they load. */
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createProgressLine } from "../../dist/cli/progress.js";
import { columnsOf } from "../../dist/cli/terminal.js";
import { brine, brineHere, temporaryFolder } from "./run-brine.js";

const folder = temporaryFolder();

/** The files of brine that `brine …words` loads, as the coverage of V8 names them. */
async function loadedBy(words: readonly string[]): Promise<string[]> {
  const coverage = mkdtempSync(join(folder, "coverage-"));
  await brine(words, folder, { NODE_V8_COVERAGE: coverage });
  const [file] = readdirSync(coverage);
  const { result } = JSON.parse(readFileSync(join(coverage, file), "utf8")) as { result: { url: string }[] };
  return result.flatMap(({ url }) => /\/dist\/(.+\.js)$/.exec(url)?.[1] ?? []);
}

const commands = ["demo", "scf", "reference", "show", "train", "validate", "curve", "predict", "energy", "doctor"];

describe("what is loaded", () => {
  it("no command for the version and the list of commands", async () => {
    for (const words of [["--version"], ["--help"]]) {
      const loaded = await loadedBy(words);
      expect(loaded).toContain("cli/frame.js");
      // Eleven when this was written, of 300; each costs about a millisecond.
      expect(loaded.length).toBeLessThan(16);
      for (const name of commands) expect(loaded).not.toContain(`cli/${name}.js`);
    }
  });

  it("one command for its help", async () => {
    const loaded = await loadedBy(["scf", "--help"]);
    expect(loaded).toContain("cli/scf.js");
    expect(loaded).not.toContain("cli/train.js");
    expect(loaded).not.toContain("report/report.js");
  });
});

const imports = ["coefficients", "salted", "density"];

describe("help", () => {
  it.each([...commands.map((name) => [name]), ["import"], ...imports.map((name) => ["import", name])])(
    "of brine %s %s has options and nothing that is not text",
    async (...words) => {
      const named = words.filter((word) => typeof word === "string");
      const { code, stdout } = await brineHere([...named, "--help"], folder);
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^Usage: brine ${named.join(" ")}`));
      expect(stdout).toMatch(/--help +show this help/);
      expect(stdout).not.toMatch(/[{[]"|object Object|undefined|NaN/);
      expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    },
  );

  it("names defaults as they are typed", async () => {
    const { stdout } = await brineHere(["scf", "--help"], folder);
    expect(stdout).toContain("level of theory (pbe/def2-svp)");
  });

  it("comes from brine help COMMAND too", async () => {
    expect((await brineHere(["help", "show"], folder)).stdout).toBe(
      (await brineHere(["show", "--help"], folder)).stdout,
    );
  });
});

/** A terminal that reports `columns` and keeps what is written to it. */
function terminal(columns: number): { stream: NodeJS.WriteStream; written: string[] } {
  const written: string[] = [];
  const stream = { isTTY: true, columns, write: (text: string) => written.push(text) };
  return { stream: stream as unknown as NodeJS.WriteStream, written };
}

describe("a terminal", () => {
  it("that reports no width, or 0, counts as 80 characters wide", () => {
    expect([0, 40, 200].map((columns) => columnsOf(terminal(columns).stream))).toEqual([80, 40, 200]);
    expect(columnsOf({} as NodeJS.WriteStream)).toBe(80);
  });

  it.each([
    [0, "SCF  7"],
    [5, "SCF "],
  ])("of %i columns shows %s", (columns, shown) => {
    const { stream, written } = terminal(columns);
    createProgressLine(stream, false).show({ stage: "SCF", done: 7 });
    expect(written.join("")).toBe(`\r\u001b[K${shown}`);
  });
});
