/** The engines that a machine adds to the builtin one, and levels of theory on them. */
import { onBuiltinEngine, type EngineFactory } from "../engine/engines.js";
import type { LevelOfTheory } from "../level.js";
import { createCp2kEngine } from "./cp2k-engine.js";
import { findCp2k } from "./cp2k-process.js";
import { createPyscfEngine, pyscfVersion } from "./pyscf-engine.js";

/** The engines that `onEngine` knows. */
export const engineNames = ["builtin", "pyscf", "cp2k"] as const;
/** The engines that `onEngine` knows. */
export type EngineName = (typeof engineNames)[number];

/** The engines of other programs, for `useMachine`. */
export const machineEngines: Readonly<Record<string, EngineFactory>> = {
  pyscf: createPyscfEngine,
  cp2k: createCp2kEngine,
};

/** The level computed by `engine`, its version recorded. Throws `unsupported` when that engine is not to be had. */
export async function onEngine(level: LevelOfTheory, engine: EngineName): Promise<LevelOfTheory> {
  if (engine === "builtin") return onBuiltinEngine(level);
  const version = engine === "cp2k" ? (await findCp2k()).version : await pyscfVersion();
  return { ...level, numerics: { ...level.numerics, engine, version } };
}
