/** The reports of commands. */
import { BrineError } from "../errors.js";
import { writeReport } from "../node/report-file.js";
import type { ReportData } from "../report/report-data.js";
import { VERSION } from "../version.js";
import { checkOutput } from "./outputs.js";

/** Before the work. Throws `usage` for a name that does not end in .html, and what `checkOutput` throws. */
export function checkReport(path: string, inputs: readonly string[]): void {
  if (!path.endsWith(".html"))
    throw new BrineError("usage", `the report is written as .html, not "${path}"`, { where: "--out" });
  checkOutput(path, "text", inputs);
}

/** Writes the page, signed with the command that runs. */
export function writeSignedReport(path: string, data: ReportData): Promise<void> {
  return writeReport(path, { ...data, origin: { version: VERSION, command: commandLine() } });
}

/** `brine curve water.db --out curve.html`: the command that runs, with quotes where a shell needs them. */
function commandLine(): string {
  const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`);
  return ["brine", ...process.argv.slice(2).map(quoted)].join(" ");
}
