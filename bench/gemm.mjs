// Speed of matrix products and factorisations, on every backend this machine offers.
// node bench/gemm.mjs [--json]; run after npm run build.
import * as algebra from "../dist/math/linear-algebra.js";
import { useMachine } from "../dist/machine.js";
import { matrix, symmetrize } from "../dist/math/matrix.js";
import { randomGenerator } from "../dist/math/random.js";
import { createWasmBackend } from "../dist/math/wasm-backend.js";
import { openblasBackend } from "../dist/node/openblas.js";

const generator = randomGenerator(1);

function randomMatrix(rows, columns) {
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < data.length; i++) data[i] = generator.uniform() - 0.5;
  return matrix(rows, columns, data);
}

function positive(n) {
  const b = randomMatrix(n, n);
  const a = algebra.multiplyTransposed(false, true, b, b);
  for (let i = 0; i < n; i++) a.data[i * n + i] += 1;
  return a;
}

/** Best time of at least three runs and 0.3 s, in milliseconds. */
function time(work) {
  work();
  let best = Infinity;
  const begin = performance.now();
  for (let runs = 0; runs < 3 || (performance.now() - begin < 300 && runs < 200); runs++) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

const products = [
  ["density times functions", 124, 256, 124],
  ["functions times functions", 124, 124, 256],
  ["auxiliary rows", 80, 1000, 256],
  ["square 500", 500, 500, 500],
  ["square 1000", 1000, 1000, 1000],
  ["square 2000", 2000, 2000, 2000],
  ["features times 1 column", 10000, 1, 1000],
  ["features times 3 columns", 10000, 3, 1000],
  ["features times 6 columns", 10000, 6, 1000],
  ["features transposed, 1 column", 1000, 1, 10000, true],
  ["features transposed, 3 columns", 1000, 3, 10000, true],
  ["features transposed, 6 columns", 1000, 6, 10000, true],
].map(([name, m, n, k, transposed = false]) => ({
  name,
  shape: `${m}×${k}·${k}×${n}`,
  flops: 2 * m * n * k,
  prepare() {
    const a = transposed ? randomMatrix(k, m) : randomMatrix(m, k);
    const b = randomMatrix(k, n);
    const c = matrix(m, n);
    return () => algebra.gemm(transposed, false, 1, a, b, 0, c);
  },
}));

const factorisations = [124, 400, 1000].flatMap((n) => [
  {
    name: "cholesky",
    shape: `${n}`,
    flops: n ** 3 / 3,
    prepare:
      (a = positive(n)) =>
      () =>
        algebra.cholesky(a),
  },
  {
    name: "pivotedCholesky",
    shape: `${n}`,
    flops: n ** 3 / 3,
    prepare:
      (a = positive(n)) =>
      () =>
        algebra.pivotedCholesky(a, 1e-10),
  },
  {
    name: "solveLinear",
    shape: `${n}`,
    flops: (2 * n ** 3) / 3,
    prepare:
      (a = randomMatrix(n, n), b = new Float64Array(n).fill(1)) =>
      () =>
        algebra.solveLinear(a, b),
  },
  {
    name: "eigh",
    shape: `${n}`,
    flops: (22 * n ** 3) / 3,
    prepare:
      (a = symmetrize(randomMatrix(n, n))) =>
      () =>
        algebra.eigh(a),
  },
]);

const backends = [createWasmBackend(), await openblasBackend()].filter(Boolean);
const results = [...products, ...factorisations].map(({ name, shape, flops, prepare }) => {
  const work = prepare();
  const milliseconds = {};
  for (const backend of backends) {
    useMachine({ backend });
    milliseconds[backend.name] = time(work);
  }
  return { name, shape, flops, milliseconds };
});

if (process.argv.includes("--json")) console.log(JSON.stringify(results, null, 1));
else {
  console.log(`${"".padEnd(52)}${backends.map(({ name }) => name.padStart(22)).join("")}`);
  for (const { name, shape, flops, milliseconds } of results) {
    const columns = Object.values(milliseconds).map((ms) =>
      `${ms.toFixed(2)} ms ${(flops / ms / 1e6).toFixed(1).padStart(5)} GF/s`.padStart(22),
    );
    console.log(`${name.padEnd(32)}${shape.padEnd(20)}${columns.join("")}`);
  }
}
