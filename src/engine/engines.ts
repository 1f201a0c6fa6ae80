/** The engines of this thread by name: the builtin one, and those of other programs that a machine registers. */
import { BrineError } from "../errors.js";
import type { LevelOfTheory } from "../level.js";
import { type BuiltinOptions, createBuiltinEngine } from "./kohn-sham-engine.js";
import type { Engine } from "./engine.js";
import { VERSION } from "../version.js";

/** Makes an engine for a level. Engines of other programs ignore the options they do not know. */
export type EngineFactory = (level: LevelOfTheory, options?: BuiltinOptions) => Engine;

const factories = new Map<string, EngineFactory>([["builtin", createBuiltinEngine]]);

/** Makes `createEngine` know the engine `name`, in this thread. */
export function useEngine(name: string, factory: EngineFactory): void {
  factories.set(name, factory);
}

/** The engine that `level.numerics` names. Throws `unsupported` when nothing of that name is registered. */
export function createEngine(level: LevelOfTheory, options: BuiltinOptions = {}): Engine {
  const { engine } = level.numerics;
  const factory = factories.get(engine);
  if (!factory)
    throw new BrineError(
      "unsupported",
      `there is no engine "${engine}" here; there are ${[...factories.keys()].join(", ")}`,
    );
  return factory(level, options);
}

/** The same level on brine's own engine, whatever its references were computed with. */
export function onBuiltinEngine(level: LevelOfTheory): LevelOfTheory {
  return level.numerics.engine === "builtin"
    ? level
    : { ...level, numerics: { ...level.numerics, engine: "builtin", version: VERSION } };
}
