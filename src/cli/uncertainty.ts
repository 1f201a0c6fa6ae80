/** How the uncertainties of predictions are shown to people. */
import type { DensityModel } from "../model/prediction/density-model.js";
import type { Uncertainty } from "../model/prediction/model-content.js";

/** Expected errors this many times those of the structures held out in training are pointed out. */
const UNLIKE = 3;

interface Predicted {
  readonly index: number;
  readonly result: { readonly uncertainty?: Pick<Uncertainty, "percent"> };
}

/** Head of the column of `expectedError`. */
export const EXPECTED_ERROR = "± density / %";

/** The expected % RMSE; empty for models without a committee. */
export function expectedError(uncertainty: Predicted["result"]["uncertainty"]): string {
  if (!uncertainty) return "";
  return uncertainty.percent < 10 ? uncertainty.percent.toPrecision(2) : uncertainty.percent.toFixed(0);
}

/** A remark on the structures that are unlike what the model has learnt, where there are any. */
export function noteUnlike(
  { summary }: DensityModel,
  predicted: Iterable<Predicted>,
  note: (text: string) => void,
): void {
  const usual = summary.validation?.rmsePercent;
  if (usual === undefined) return;
  const unlike: string[] = [];
  for (const { index, result } of predicted)
    if (result.uncertainty && result.uncertainty.percent > UNLIKE * usual)
      unlike.push(`${index} (${expectedError(result.uncertainty)} %)`);
  if (unlike.length === 0) return;
  const shown = unlike.slice(0, 10);
  const more = unlike.length > shown.length ? ` and ${unlike.length - shown.length} more` : "";
  note(
    `unlike what the model has learnt, with expected errors of the density far above the ${usual.toPrecision(2)} % of held-out structures: ${shown.join(", ")}${more}; add such structures to the training set`,
  );
}
