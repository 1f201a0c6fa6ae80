/** Engines that stay between tasks, for they cache atoms and their last system. */
import type { LevelOfTheory } from "../level.js";
import type { BuiltinOptions } from "./kohn-sham-engine.js";
import type { Engine } from "./engine.js";
import { createEngine } from "./engines.js";

export interface EngineKeeper {
  /** Works with the engine of a level, which stays until another level is asked for and nothing works with it any more. */
  on<Result>(
    level: LevelOfTheory,
    settings: BuiltinOptions | undefined,
    work: (engine: Engine) => Promise<Result>,
  ): Promise<Result>;
  /** Closes what nothing works with. */
  close(): Promise<void>;
}

export function engineKeeper(): EngineKeeper {
  const engines = new Map<string, { readonly engine: Engine; users: number }>();
  const closeIdle = async (but?: string): Promise<void> => {
    for (const [key, { engine, users }] of engines) {
      if (key === but || users > 0) continue;
      engines.delete(key);
      await engine.close();
    }
  };
  return {
    async on(level, settings = {}, work) {
      const key = JSON.stringify([level, settings]);
      await closeIdle(key);
      const entry = engines.get(key) ?? { engine: createEngine(level, settings), users: 0 };
      engines.set(key, entry);
      entry.users++;
      try {
        return await work(entry.engine);
      } finally {
        entry.users--;
      }
    },
    close: () => closeIdle(),
  };
}
