/** What a training tells: its result, and what it should be asked about again. */
import type { TrainSettings } from "../model/settings.js";
import type { TrainSummary } from "../model/summary.js";
import { atomicNumber } from "../structure/elements.js";
import { listing } from "./table.js";

/** One note for each thing that is not as it was asked for. */
export function trainingNotes(
  { environments: asked }: Pick<TrainSettings, "environments">,
  { environments, converged, iterations, residual }: TrainSummary,
): string[] {
  const notes: string[] = [];
  const fewer = Object.entries(environments).flatMap(([symbol, used]) => {
    const wanted = typeof asked === "object" ? asked[String(atomicNumber(symbol))] : asked;
    return typeof wanted === "number" && used < wanted ? `${symbol} ${used} of ${wanted}` : [];
  });
  if (fewer.length > 0)
    notes.push(`fewer environments than asked for: ${fewer.join(", ")}; the training structures have no others`);
  if (!converged)
    notes.push(
      `the weights are not converged: a relative residual of ${residual.toExponential(1)} after ${iterations} iterations; take a larger --regularization, fewer --environments or --solver direct`,
    );
  return notes;
}

/** What is shown of a finished training. */
export function trainingTable(model: string, summary: TrainSummary): string {
  const { structures, environments, dimension, regularization, validation, iterations, seconds } = summary;
  return listing([
    ["model", model],
    ["structures", structures],
    ["environments", environmentsText(environments)],
    ["unknowns", dimension],
    ["regularization", regularization.relative.toExponential(2)],
    ["held-out error", validation ? `${validation.rmsePercent.toFixed(2)} % RMSE` : "none held out"],
    ["iterations", iterations],
    ["seconds", seconds.toFixed(1)],
  ]);
}

/** `H 100, O 50` */
function environmentsText(environments: TrainSummary["environments"]): string {
  return Object.entries(environments)
    .map(([symbol, used]) => `${symbol} ${used}`)
    .join(", ");
}
