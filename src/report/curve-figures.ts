/** Learning curves: error against the number of training structures, both axes logarithmic. */
import { axis, dataLine, draw, type Figure, logAxis, spread, TEXT, ticks, topName, WIDTH } from "./chart.js";
import { isNumber, significant } from "./numbers.js";
import type { LearningCurvePoint, Repeated } from "./report-data.js";

interface Curve {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly CurveDot[];
}

/** `y` with the range that one standard deviation over the repeats spans. */
interface CurveDot {
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
}

/** % RMSE of the density. */
export function densityCurveFigure(points: readonly LearningCurvePoint[]): Figure | undefined {
  return curveFigure("density error", "% RMSE", [
    { name: "density", colour: "var(--corrected)", points: curveDots(points, ({ rmsePercent }) => rmsePercent) },
  ]);
}

/** Mean absolute errors of the energy, meV/atom. */
export function energyCurveFigure(points: readonly LearningCurvePoint[]): Figure | undefined {
  return curveFigure("mean absolute energy error", "meV/atom", [
    {
      name: "one-shot",
      colour: "var(--one-shot)",
      points: curveDots(points, ({ oneShotMeVPerAtom }) => oneShotMeVPerAtom),
    },
    {
      name: "with response",
      colour: "var(--corrected)",
      points: curveDots(points, ({ correctedMeVPerAtom }) => correctedMeVPerAtom),
    },
  ]);
}

/** What a logarithmic axis can show. A deviation as large as the mean has no lower end there: half the mean stands for it. */
function curveDots(
  points: readonly LearningCurvePoint[],
  value: (point: LearningCurvePoint) => Repeated | undefined,
): CurveDot[] {
  return points.flatMap((point): CurveDot[] => {
    const { mean: y, deviation = 0 } = value(point) ?? { mean: 0 };
    if (!isNumber(y) || y <= 0 || point.train <= 0) return [];
    if (!isNumber(deviation) || deviation <= 0) return [{ x: point.train, y }];
    return [{ x: point.train, y, low: Math.max(y - deviation, y / 2), high: y + deviation }];
  });
}

function curveFigure(what: string, unit: string, all: readonly Curve[]): Figure | undefined {
  const curves = all.filter(({ points }) => points.length > 1);
  if (curves.length === 0) return undefined;
  const dots = curves.flatMap(({ points }) => points);
  const svg = draw(WIDTH, 300, {
    grid: [{ left: 62, right: 20, top: 34, bottom: 48 }],
    xAxis: [sizesAxis([...new Set(dots.map(({ x }) => x))].toSorted((a, b) => a - b))],
    yAxis: [
      topName(
        logAxis(
          dots.flatMap(({ y, low = y, high = y }) => [low, y, high]),
          unit,
        ),
      ),
    ],
    series: curves.flatMap((curve) => [...whiskers(curve), curveSeries(curve, curves.length > 1)]),
  });
  return { svg, description: `Learning curve of the ${what}. ${curves.map((one) => inWords(one, unit)).join(". ")}.` };
}

/** Labelled at the numbers of training structures themselves. */
function sizesAxis(sizes: readonly number[]) {
  const at = sizes.map((x) => Math.log10(x));
  const pad = 0.06 * (at[at.length - 1] - at[0]) || 0.1;
  return {
    ...axis("training structures"),
    min: at[0] - pad,
    max: at[at.length - 1] + pad,
    ...ticks(spread(at, 6)),
    splitLine: { show: false },
  };
}

function curveSeries({ name, colour, points }: Curve, named: boolean) {
  const label = {
    show: true,
    position: "right",
    offset: [2, -12],
    ...TEXT,
    color: colour,
    fontWeight: 600,
    formatter: ({ dataIndex }: { dataIndex: number }) => (dataIndex === 0 ? name : ""),
  };
  return {
    ...dataLine(
      points.map(({ x, y }) => [Math.log10(x), Math.log10(y)]),
      colour,
      2,
    ),
    symbol: "circle",
    symbolSize: 7,
    ...(named ? { label } : {}),
  };
}

/** One upright line a point that has a spread. */
function whiskers({ colour, points }: Curve) {
  return points.flatMap(({ x, low, high }) =>
    low === undefined || high === undefined
      ? []
      : [
          dataLine(
            [low, high].map((y) => [Math.log10(x), Math.log10(y)]),
            colour,
            1,
          ),
        ],
  );
}

function inWords({ name, points }: Curve, unit: string): string {
  return `${name}: ${points.map(({ x, y }) => `${significant(y)} ${unit} with ${x} training structures`).join(", ")}`;
}
