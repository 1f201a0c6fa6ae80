/** A report as one file that a browser shows. */
import type { ReportData } from "../report/report-data.js";
import { readText, writeAtomically } from "./files.js";
import { packagePath } from "./package-files.js";

/**
 * Writes the page, with its figures drawn and the viewer of its densities in it. The chart library is loaded here, since
 * nothing else needs it. Throws `storage` when the file cannot be written.
 */
export async function writeReport(path: string, data: ReportData): Promise<void> {
  const { renderReport } = await import("../report/report.js");
  // As the build put them beside the report.
  const viewer = readText(packagePath("dist/report/3Dmol-min.js"));
  const viewerLicence = readText(packagePath("dist/report/3Dmol-LICENSE.txt"));
  writeAtomically(path, renderReport(data, { viewer, viewerLicence }));
}
