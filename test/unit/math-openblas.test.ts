import { afterEach, describe, expect, it } from "vitest";
import { useMachine } from "../../dist/machine.js";
import { backend } from "../../dist/math/backend-in-use.js";
import { identity, matrix, symmetrize, type Matrix } from "../../dist/math/matrix.js";
import { multiplyTransposed } from "../../dist/math/products.js";
import { randomGenerator } from "../../dist/math/random.js";
import { createWasmBackend } from "../../dist/math/wasm-backend.js";
import { chooseBackend, openblasBackend } from "../../dist/node/openblas.js";

const native = await openblasBackend();
const builtIn = createWasmBackend();
const random = randomGenerator(9);

function randomMatrix(rows: number, columns: number, stride = columns): Matrix {
  return { rows, columns, stride, data: Float64Array.from({ length: rows * stride }, () => random.normal()) };
}

describe.runIf(native)("OpenBLAS and the built-in backend agree", () => {
  const openblas = native ?? builtIn;

  it.each([
    [1, 1, 1],
    [1, 40, 70],
    [40, 1, 70],
    [300, 3, 200],
    [3, 300, 200],
    [8, 9, 10],
    [9, 8, 10],
    [400, 6, 150],
    [120, 130, 140],
    [7, 7, 0],
  ])("gemm %i × %i, depth %i", (m, n, k) => {
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ])
      for (const pad of [0, 2])
        for (const [alpha, beta] of [
          [1, 0],
          [-0.7, 0.3],
          [0, 1],
        ]) {
          const a = transposeA ? randomMatrix(k, m, m + pad) : randomMatrix(m, k, k + pad);
          const b = transposeB ? randomMatrix(n, k, k + pad) : randomMatrix(k, n, n + pad);
          const c = randomMatrix(m, n, n + pad);
          if (beta === 0) for (let i = 0; i < m; i++) c.data.fill(NaN, i * (n + pad), i * (n + pad) + n);
          const other = { ...c, data: c.data.slice() };
          builtIn.gemm(transposeA, transposeB, alpha, a, b, beta, c);
          openblas.gemm(transposeA, transposeB, alpha, a, b, beta, other);
          let largest = 0;
          for (let i = 0; i < c.data.length; i++) largest = Math.max(largest, Math.abs(c.data[i] - other.data[i]));
          expect(largest).toBeLessThan(1e-14 * (10 + k)); // NaN would fail as well
        }
  });

  it.each([0, 1, 2, 61, 150])("eigh, order %i", (n) => {
    const a = symmetrize(matrix(n, n, randomMatrix(n, n).data));
    for (let i = 0; i < n; i++) a.data.fill(NaN, i * n + i + 1, (i + 1) * n); // the lower triangle is read
    const ours = builtIn.eigh(a);
    const theirs = openblas.eigh(a);
    for (let i = 0; i < n; i++) expect(theirs.values[i]).toBeCloseTo(ours.values[i], 11);
    // The vectors agree up to sign: their overlap is ±1 on the diagonal.
    const overlap = multiplyTransposed(true, false, ours.vectors, theirs.vectors);
    const unit = identity(n);
    for (let i = 0; i < n * n; i++) expect(Math.abs(overlap.data[i])).toBeCloseTo(unit.data[i], 9);
  });

  it("does not let native code run out of bounds", () => {
    const short = { rows: 10, columns: 10, data: new Float64Array(99) };
    const good = matrix(10, 10);
    expect(() => openblas.gemm(false, false, 1, short, good, 0, matrix(10, 10))).toThrow(
      "does not fit into 99 numbers",
    );
    expect(() => openblas.eigh(short)).toThrow("does not fit into 99 numbers");
  });
});

describe("chooseBackend", () => {
  const before = process.env.BRINE_BLAS;
  afterEach(() => {
    if (before === undefined) delete process.env.BRINE_BLAS;
    else process.env.BRINE_BLAS = before;
    useMachine({ backend: builtIn });
  });

  it("wasm", async () => {
    process.env.BRINE_BLAS = "wasm";
    expect((await chooseBackend()).name).toBe("wasm");
    expect(backend().name).toBe("wasm");
  });

  it("auto takes OpenBLAS when it is there", async () => {
    process.env.BRINE_BLAS = "auto";
    const { name, detail } = await chooseBackend();
    expect(name).toBe(native ? "openblas" : "wasm");
    expect(backend().name).toBe(name);
    expect(detail).toMatch(native ? /^OpenBLAS \d/ : /not (found|installed)/);
  });

  it("openblas, or an error that says what is missing", async () => {
    process.env.BRINE_BLAS = "openblas";
    if (native) expect((await chooseBackend()).name).toBe("openblas");
    else await expect(chooseBackend()).rejects.toThrow("BRINE_BLAS=openblas, but");
  });

  it("names the choices", async () => {
    process.env.BRINE_BLAS = "mkl";
    await expect(chooseBackend()).rejects.toThrow("it can be wasm, openblas or auto");
  });
});
