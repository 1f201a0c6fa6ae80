/** A report as one file that a browser shows. */
import { BrineError } from "../errors.js";
import { readText, writeAtomically } from "../node/files.js";
import { packagePath } from "../node/package-files.js";
import type { ReportData } from "../report/report-data.js";
import type { ReportAssets } from "../report/report.js";
import { VERSION } from "../version.js";
import { checkOutput } from "./outputs.js";

/** Before the work. Throws `usage` for a name that does not end in .html, and what `checkOutput` throws. */
export function checkReport(path: string, inputs: readonly string[]): void {
  if (!path.endsWith(".html"))
    throw new BrineError("usage", `the report is written as .html, not "${path}"`, { where: "--out" });
  checkOutput(path, "text", inputs);
}

/** Writes the page, signed with the command that runs; its chart library is loaded here, since nothing else needs it. */
export async function writeReport(path: string, data: ReportData): Promise<void> {
  const { renderReport } = await import("../report/report.js");
  writeAtomically(
    path,
    renderReport({ ...data, origin: { version: VERSION, command: commandLine() } }, viewerAssets()),
  );
}

/** `brine curve water.db --out curve.html`: the command that runs, with quotes where a shell needs them. */
function commandLine(): string {
  const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`);
  return ["brine", ...process.argv.slice(2).map(quoted)].join(" ");
}

/** The viewer with its licence, as the build put them beside the report. */
function viewerAssets(): ReportAssets {
  return {
    viewer: readText(packagePath("dist/report/3Dmol-min.js")),
    viewerLicence: readText(packagePath("dist/report/3Dmol-LICENSE.txt")),
  };
}
