/** The engines of this thread by name: the builtin one, and those of other programs that a machine registers. */
import { BrineError } from "../errors.js";
import { machine } from "../machine.js";
import type { LevelOfTheory } from "../level.js";
import { type BuiltinOptions, createBuiltinEngine } from "./kohn-sham-engine.js";
import type { Engine } from "./engine.js";
import { VERSION } from "../version.js";

/** Makes an engine for a level. Engines of other programs ignore the options they do not know. */
export type EngineFactory = (level: LevelOfTheory, options?: BuiltinOptions) => Engine;

declare module "../machine.js" {
  interface Machine {
    /** Engines beside the builtin one, by the name that a level's numerics have for them (none). */
    readonly engines?: Readonly<Record<string, EngineFactory>>;
  }
}

/** The engine that `level.numerics` names. Throws `unsupported` when nothing of that name is registered. */
export function createEngine(level: LevelOfTheory, options: BuiltinOptions = {}): Engine {
  const { engine } = level.numerics;
  const factories: Readonly<Record<string, EngineFactory>> = { ...machine().engines, builtin: createBuiltinEngine };
  const factory = Object.hasOwn(factories, engine) ? factories[engine] : undefined;
  if (!factory)
    throw new BrineError(
      "unsupported",
      `there is no engine "${engine}" here; there are ${Object.keys(factories).join(", ")}`,
    );
  return factory(level, options);
}

/** A level of theory on brine's own engine, whatever its references were computed with. */
export function onBuiltinEngine(level: LevelOfTheory): LevelOfTheory {
  return level.numerics.engine === "builtin"
    ? level
    : { ...level, numerics: { ...level.numerics, engine: "builtin", version: VERSION } };
}
