/** What the report of a learning curve shows. */
import type { LevelOfTheory } from "../level.js";
import type { ReportData } from "../report/report-data.js";
import type { RepeatedCurve } from "./learning-curve.js";
import { curvePoint, levelSettings } from "./report-parts.js";

/** What the report of a learning curve shows. `seconds`: that all of it took. */
export function curveReport(
  { points, validation }: RepeatedCurve,
  level: LevelOfTheory,
  datasetName: string,
  seconds: number,
): ReportData {
  const { repeats } = points[0];
  const draws =
    repeats > 1 ? ` Numbers are means over ${repeats} draws of training structures, ± their standard deviation.` : "";
  const failures = points.reduce((sum, { failed }) => sum + failed, 0);
  const missing = failures > 0 ? ` ${failures} predictions failed and are left out.` : "";
  return {
    title: `How ${datasetName} is learned`,
    summary: [
      `Models learned from growing random parts of the dataset; each was tested on the same ${validation} structures, which none of them saw.${draws}${missing}`,
    ],
    learningCurve: points.map(curvePoint),
    stages: [{ name: "all", seconds, note: "by the clock, trainings and tests" }],
    settings: [
      ...levelSettings(level),
      { name: "tested on", value: `${validation} structures`, note: "held out at random" },
      { name: "repeats", value: String(repeats), note: "trainings of each size, on other structures" },
    ],
  };
}
