/** What the report of the demo shows. */
import { cubeGrid, sampleDensity } from "../density/cube-grid.js";
import { levelName } from "../level.js";
import type { HeldOutStructure, LearningCurvePoint, MoleculeView, ReportData } from "../report/report-data.js";
import type { RunOptions } from "../run.js";
import { atomCount, formula } from "../structure/structure.js";
import { HARTREE_IN_MEV } from "../units.js";
import { DEMO_TEMPERATURES, type DemoResult } from "./demo.js";
import type { CurvePoint } from "./learning-curve.js";
import type { Validated } from "./validate.js";

/** Coarse enough for a page of a few MB, fine enough to be smooth. */
const VIEW = { spacing: 0.25, margin: 4 };

export async function demoReport(result: DemoResult, options: RunOptions): Promise<ReportData> {
  const { model, training, validation, validated, references, seconds } = result;
  const { density } = validation;
  const curveSeconds = seconds - references.seconds - training.seconds - validation.seconds;
  return {
    title: "brine: the whole job on ethanol",
    summary: [
      `${result.structures.length} ethanol molecules, distorted as heat of ${DEMO_TEMPERATURES[0]} to ${DEMO_TEMPERATURES[1]} K would, were made from one equilibrium geometry. For each the Kohn–Sham density was converged and expanded in atom-centred functions.`,
      `A model learned the densities of ${training.structures} of them and predicted the other ${validated.length}. One Hamiltonian built from each predicted density and diagonalised once gave the energies below; the linear response of the same diagonalisation corrects them.`,
    ],
    settings: [
      { name: "level", value: levelName(model.level) },
      { name: "density in", value: `${model.level.auxiliary.name}, ${model.level.fitMetric} metric` },
      {
        name: "environments",
        value: Object.entries(training.environments)
          .map(([symbol, n]) => `${symbol} ${n}`)
          .join(", "),
      },
      { name: "features per λ", value: training.features.join(", ") },
      { name: "unknowns", value: String(training.dimension) },
      { name: "loss metric", value: model.settings.lossMetric },
      {
        name: "regularisation",
        value: `${training.regularization.relative.toExponential(1)} of the on-site problem, chosen on ${training.validation?.structures ?? 0} held-out molecules`,
      },
    ],
    density: {
      ...(density.rmsePercent === null ? {} : { rmsePercent: density.rmsePercent }),
      ...(density.coulombRmsePercent === null ? {} : { coulombRmsePercent: density.coulombRmsePercent }),
      ...(density.maePercent === null ? {} : { maePercent: density.maePercent }),
    },
    heldOut: validated.map(heldOutStructure),
    learningCurve: result.curve.map(curvePoint),
    stages: [
      {
        name: "reference calculations",
        seconds: references.seconds,
        note: `${references.added} computed, ${references.skipped} kept from before`,
      },
      { name: "training", seconds: training.seconds, note: `${training.iterations} iterations` },
      {
        name: "validation",
        seconds: validation.seconds,
        note: `${validation.structures} molecules: densities, energies, fit floor, superposed atoms`,
      },
      {
        name: "learning curve",
        seconds: curveSeconds,
        note: `${result.curve.length - 1} smaller models, trained and validated`,
      },
    ],
    ...(validated.length > 0 ? { molecule: await moleculeView(result, validated[0], options) } : {}),
  };
}

function heldOutStructure({ index, reference, errors, predictSeconds }: Validated): HeldOutStructure {
  const { energy } = errors;
  return {
    index,
    name: formula(reference.structure),
    atoms: atomCount(reference.structure),
    maePercent: 100 * errors.absolute,
    ...(reference.energy === undefined ? {} : { energy: reference.energy }),
    ...(energy
      ? {
          errors: {
            oneShot: energy.oneShot,
            corrected: energy.energy,
            ...(energy.bounds
              ? { superposedAtoms: energy.bounds.superposedAtoms, fitFloor: energy.bounds.fitFloor }
              : {}),
          },
        }
      : {}),
    ...(reference.seconds === undefined ? {} : { scfSeconds: reference.seconds }),
    predictSeconds,
    ...(errors.energySeconds === undefined ? {} : { energySeconds: errors.energySeconds }),
  };
}

function curvePoint({ train, validation: { density, energy } }: CurvePoint): LearningCurvePoint {
  return {
    train,
    ...(density.rmsePercent === null ? {} : { rmsePercent: density.rmsePercent }),
    ...(energy
      ? {
          energyMaePerAtom: energy.maeMeVPerAtom / HARTREE_IN_MEV,
          oneShotMaePerAtom: energy.oneShotMaeMeVPerAtom / HARTREE_IN_MEV,
        }
      : {}),
  };
}

async function moleculeView(
  { model }: DemoResult,
  { index, reference }: Validated,
  options: RunOptions,
): Promise<MoleculeView> {
  const { structure } = reference;
  const { density } = await model.predict(structure, options);
  const { origin, counts } = cubeGrid(structure, VIEW);
  const predicted = (await sampleDensity(density, VIEW, options)).values;
  const exact = (await sampleDensity(reference.density, VIEW, options)).values;
  return {
    name: `ethanol, molecule ${index}`,
    structure,
    grid: { origin, spacing: VIEW.spacing, counts },
    predicted,
    error: predicted.map((value, i) => value - exact[i]),
  };
}
