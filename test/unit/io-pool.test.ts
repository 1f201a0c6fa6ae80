/** The pool of threads and the library of basis sets. */
import { afterAll, describe, expect, it } from "vitest";
import { buildLevel } from "../../dist/engine/level.js";
import { basisByName, modelPath } from "../../dist/node/library.js";
import type { GroundState } from "../../dist/engine/engine.js";
import { workerPool } from "../../dist/node/pool.js";

const pool = workerPool(1);
afterAll(() => pool.close());

const orbitals = basisByName("DEF2-SVP");
const level = buildLevel({
  functional: "pbe",
  orbitals,
  coulombFit: basisByName("def2-universal-jfit"),
  auxiliary: basisByName("def2-universal-jfit"),
  grid: 1,
});
const helium = { species: Uint8Array.of(2), positions: new Float64Array(3), charge: 0, unpaired: 0, info: {} };

describe("a pool", () => {
  it("runs tasks by name, typed arrays included", async () => {
    const { energy, state } = await pool.run<unknown, GroundState>("scf", {
      level,
      structure: helium,
    });
    expect(energy).toBeCloseTo(-2.88, 1);
    expect(state.densities[0].real.data).toBeInstanceOf(Float64Array);
  });

  it("keeps the tag of an error", async () => {
    await expect(pool.run("nothing", {})).rejects.toThrow(
      expect.objectContaining({ tag: "usage", message: 'unknown task "nothing"' }),
    );
    await expect(
      pool.run("scf", { level, structure: { ...helium, positions: Float64Array.of(0, NaN, 0) } }),
    ).rejects.toThrow(expect.objectContaining({ tag: "input" }));
  });

  it("stops in the middle of a task and goes on with the next", async () => {
    const many = {
      ...helium,
      species: new Uint8Array(12).fill(10),
      positions: Float64Array.from({ length: 36 }, (_, i) => (i % 3 === 0 ? 2 * i : 0)),
    };
    const controller = new AbortController();
    const work = pool.run("scf", { level, structure: many }, controller.signal);
    setTimeout(() => controller.abort(), 300);
    await expect(work).rejects.toThrow(expect.objectContaining({ tag: "aborted" }));
    await expect(pool.run("scf", { level, structure: helium }, controller.signal)).rejects.toThrow(
      expect.objectContaining({ tag: "aborted" }),
    );
    await expect(pool.run("scf", { level, structure: helium })).resolves.toMatchObject({ iterations: 3 });
  });
});

describe("the library", () => {
  it("finds basis sets by name and makes even-tempered ones", () => {
    expect(orbitals.name).toBe("def2-svp");
    expect(basisByName("etb:2.0", orbitals).name).toBe("etb:2");
    expect(() => basisByName("etb:2")).toThrow(expect.objectContaining({ tag: "usage" }));
    expect(() => basisByName("sto-99")).toThrow(
      /unknown basis set "sto-99"; there are .*def2-svp.*, or give a file of the Basis Set Exchange/,
    );
    expect(() => basisByName("package.json")).toThrow(expect.objectContaining({ tag: "corrupt" }));
  });

  it("says which models there are", () => {
    expect(() => modelPath("nothing")).toThrow(/^nothing: there is no such model file/);
  });
});
