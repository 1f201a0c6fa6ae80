/** Engines between tasks: kept for their level, closed when another is asked for, never in the middle of work. */
import { expect, it } from "vitest";
import { engineKeeper } from "../../dist/engine/engine-keeper.js";
import type { Engine } from "../../dist/engine/engine.js";
import type { EngineFactory } from "../../dist/engine/engines.js";
import { useMachine } from "../../dist/machine.js";
import { level } from "./dataset-helpers.js";

it("two levels in one thread do not close each other's engine", async () => {
  const log: string[] = [];
  const factory: EngineFactory = (own) => {
    log.push(`open ${own.functional}`);
    return { level: own, close: async () => void log.push(`close ${own.functional}`) } as Engine;
  };
  useMachine({ engines: { test: factory } });
  const keeper = engineKeeper();
  let finish = (): void => {};
  const long = keeper.on(level, undefined, () => new Promise<void>((resolve) => (finish = resolve)));
  await new Promise((resolve) => setTimeout(resolve, 0));
  await keeper.on({ ...level, functional: "lda" }, undefined, async () => {});
  expect(log).toEqual(["open pbe", "open lda"]);
  finish();
  await long;
  await keeper.on({ ...level, functional: "lda" }, undefined, async () => {});
  expect(log).toEqual(["open pbe", "open lda", "close pbe"]);
  await keeper.close();
  expect(log.at(-1)).toBe("close lda");
});
