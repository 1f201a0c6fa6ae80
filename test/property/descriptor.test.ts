/** What any λ-SOAP must obey: symmetries, smoothness, and the two routes to kernels and norms. */
import { describe, expect, it } from "vitest";
import {
  type DescriptorSettings,
  type Expansion,
  lambdaSoap,
  sphericalExpansion,
  squaredNorms,
} from "../../dist/descriptor/index.js";
import { featureBlocks } from "../../dist/descriptor/features.js";
import { clebschGordan } from "../../dist/math/clebsch-gordan.js";
import { gaussLegendre } from "../../dist/math/quadrature.js";
import { randomGenerator } from "../../dist/math/random.js";
import { solidHarmonics } from "../../dist/math/solid-harmonics.js";
import { neighbourhoods } from "../../dist/structure/neighbours.js";
import type { Cell, Structure } from "../../dist/structure/structure.js";

const settings: DescriptorSettings = {
  cutoffRadius: 7.5,
  smoothing: 0.2,
  sigma: 0.55,
  nmax: 5,
  lmax: 6,
  scaling: { exponent: 4, radius: 3.8 },
  species: [1, 6, 7, 8],
};
const LAMBDAS = [0, 1, 2, 3, 4];

const SPECIES = [6, 8, 7, 1, 1, 1];
const FORMAMIDE = [0, 0.8, 0.05, 2.2, 1.4, -0.1, -1.7, 2.6, 0.2, -0.7, -1.2, 0.1, -3.5, 2.1, -0.3, -1.2, 4.4, 0.4];

function structure(species: ArrayLike<number>, positions: ArrayLike<number>, cell?: Cell): Structure {
  return {
    species: Uint8Array.from(species),
    positions: Float64Array.from(positions),
    ...(cell ? { cell } : {}),
    charge: 0,
    unpaired: 0,
    info: {},
  };
}

function expand(of: Structure): Expansion {
  return sphericalExpansion(neighbourhoods(of, settings.cutoffRadius), settings);
}

function largestDifference(a: Float64Array, b: Float64Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((worst, x, k) => Math.max(worst, Math.abs(x - b[k])), 0);
}

/** Differences of P^λ relative to the largest component. */
function differences(a: Structure, b: Structure): number[] {
  const [x, y] = [expand(a), expand(b)];
  return LAMBDAS.map((lambda) => {
    const p = lambdaSoap(x, lambda);
    return largestDifference(p, lambdaSoap(y, lambda)) / p.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  });
}

/** A rotation matrix from a random unit quaternion, improper half of the time. */
function randomRotation(seed: number): number[] {
  const random = randomGenerator(seed);
  const q = [0, 1, 2, 3].map(() => random.normal());
  const norm = Math.hypot(...q);
  const [a, b, c, d] = q.map((x) => x / norm);
  const sign = seed % 2 === 0 ? 1 : -1;
  return [
    a * a + b * b - c * c - d * d,
    2 * (b * c - a * d),
    2 * (b * d + a * c),
    2 * (b * c + a * d),
    a * a - b * b + c * c - d * d,
    2 * (c * d - a * b),
    2 * (b * d - a * c),
    2 * (c * d + a * b),
    a * a - b * b - c * c + d * d,
  ].map((x) => sign * x);
}

const rotate = (r: number[], p: ArrayLike<number>): number[] =>
  Array.from(p, (_, k) => [0, 1, 2].reduce((sum, d) => sum + r[3 * (k % 3) + d] * p[k - (k % 3) + d], 0));

/** D_{μμ'} = ∫ Y_μ(R n) Y_μ'(n) dΩ, so that Y(R n) = D Y(n). */
function wigner(lambda: number, rotation: number[]): number[][] {
  const size = 2 * lambda + 1;
  const d = Array.from({ length: size }, () => Array.from({ length: size }, () => 0));
  const { nodes, weights } = gaussLegendre(lambda + 1);
  const turns = 2 * lambda + 1;
  const [before, after] = [new Float64Array((lambda + 1) ** 2), new Float64Array((lambda + 1) ** 2)];
  nodes.forEach((z, k) => {
    for (let turn = 0; turn < turns; turn++) {
      const phi = (2 * Math.PI * turn) / turns;
      const s = Math.sqrt(1 - z * z);
      const n = [s * Math.cos(phi), s * Math.sin(phi), z];
      const [x, y, w] = rotate(rotation, n);
      solidHarmonics(lambda, n[0], n[1], n[2], before);
      solidHarmonics(lambda, x, y, w, after);
      for (let i = 0; i < size; i++)
        for (let j = 0; j < size; j++)
          d[i][j] += ((weights[k] * 2 * Math.PI) / turns) * after[lambda * lambda + i] * before[lambda * lambda + j];
    }
  });
  return d;
}

describe("λ-SOAP", () => {
  const molecule = structure(SPECIES, FORMAMIDE);
  const expansion = expand(molecule);

  it.each([2, 3, 4, 5])("turns with the molecule: P(R A) = D(R) P(A), reflections included (rotation %i)", (seed) => {
    const rotation = randomRotation(seed);
    const turned = expand(structure(SPECIES, rotate(rotation, FORMAMIDE)));
    for (const lambda of LAMBDAS) {
      const size = 2 * lambda + 1;
      const [p, q] = [lambdaSoap(expansion, lambda), lambdaSoap(turned, lambda)];
      const features = p.length / expansion.environments / size;
      const d = wigner(lambda, rotation);
      const expected = p.map((_, k) => {
        const [row, f] = [Math.floor(k / features), k % features];
        return d[row % size].reduce((sum, value, mu) => sum + value * p[(row - (row % size) + mu) * features + f], 0);
      });
      expect(largestDifference(q, expected)).toBeLessThan(1e-12);
    }
  });

  it("does not see a translation", () => {
    expect(
      Math.max(
        ...differences(
          molecule,
          structure(
            SPECIES,
            FORMAMIDE.map((x, k) => x + [3.1, -20, 7.7][k % 3]),
          ),
        ),
      ),
    ).toBeLessThan(1e-12);
  });

  it("follows a permutation of the atoms", () => {
    const order = [3, 5, 0, 1, 4, 2];
    const permuted = expand(
      structure(
        order.map((i) => SPECIES[i]),
        order.flatMap((i) => FORMAMIDE.slice(3 * i, 3 * i + 3)),
      ),
    );
    for (const lambda of LAMBDAS) {
      const [p, q] = [lambdaSoap(expansion, lambda), lambdaSoap(permuted, lambda)];
      const size = p.length / 6;
      order.forEach((old, place) =>
        expect(
          largestDifference(q.subarray(place * size, (place + 1) * size), p.subarray(old * size, (old + 1) * size)),
        ).toBeLessThan(1e-13),
      );
    }
  });

  it("does not see an atom beyond the cutoff", () => {
    const far = expand(structure([...SPECIES, 8], [...FORMAMIDE, 12, 12, 12]));
    for (const lambda of LAMBDAS) {
      const p = lambdaSoap(expansion, lambda);
      expect(largestDifference(lambdaSoap(far, lambda).slice(0, p.length), p)).toBe(0);
    }
  });

  it("is continuous, with its slope, when an atom crosses the cutoff", () => {
    const at = (distance: number): Float64Array =>
      lambdaSoap(
        sphericalExpansion(
          neighbourhoods(structure([8, 1, 1], [0, 0, 0, distance, 0, 0, 1, 1.5, 0]), settings.cutoffRadius).slice(0, 1),
          settings,
        ),
        2,
      );
    const beyond = at(settings.cutoffRadius + 0.01);
    // The cutoff function leaves zero as δ²: a tenth of the distance, a hundredth of the change.
    const [far, near] = [1e-3, 1e-4].map((delta) => largestDifference(at(settings.cutoffRadius - delta), beyond));
    expect(far).toBeGreaterThan(0);
    expect(near / far).toBeCloseTo(0.01, 3);
  });

  it("is finite and smooth when a neighbour sits on the centre", () => {
    const at = (x: number): Float64Array =>
      lambdaSoap(
        sphericalExpansion(
          [{ centre: 8, species: Uint8Array.of(1), displacements: Float64Array.of(x, 0, 0) }],
          settings,
        ),
        1,
      );
    expect(largestDifference(at(1e-7), at(0))).toBeLessThan(1e-6);
    expect(
      largestDifference(
        at(1e-7).map((x) => -x),
        at(-1e-7),
      ),
    ).toBeLessThan(1e-14);
  });

  it("of an isolated atom is its own density: only λ = 0 is left", () => {
    const atom = expand(structure([7], [1, 2, 3]));
    expect(squaredNorms(atom, 0)[0]).toBeGreaterThan(0);
    for (const lambda of LAMBDAS.slice(1)) expect(squaredNorms(atom, lambda)[0]).toBe(0);
  });
});

describe("periodic λ-SOAP", () => {
  const species = [8, 1, 1, 6];
  const positions = [0.2, 0.1, 0.3, 1.9, 0.4, 2.2, -0.4, 3.8, 0.5, 3.1, 3.3, 3.9];
  const vectors = [7, 0, 0, 3.5, 6.2, 0, -2, 2, 6.8];
  const periodic = [true, true, true] as const;
  const cell = structure(species, positions, { vectors: Float64Array.from(vectors), periodic });

  it("is the same in a supercell", () => {
    const [a, b] = [
      expand(cell),
      expand(
        structure([...species, ...species], [...positions, ...positions.map((x, k) => x + vectors[3 + (k % 3)])], {
          vectors: Float64Array.from(vectors, (x, k) => (k >= 3 && k < 6 ? 2 * x : x)),
          periodic,
        }),
      ),
    ];
    for (const lambda of LAMBDAS) {
      const [p, q] = [lambdaSoap(a, lambda), lambdaSoap(b, lambda)];
      expect(largestDifference(q.slice(0, p.length), p)).toBeLessThan(1e-12);
      expect(largestDifference(q.slice(p.length), p)).toBeLessThan(1e-12);
    }
  });

  it("is the same for another choice of lattice vectors and images", () => {
    const sheared = Float64Array.from(vectors, (x, k) => (k < 3 ? x + vectors[3 + k] : x));
    expect(
      Math.max(
        ...differences(
          cell,
          structure(
            species,
            positions.map((x, k) => (k < 3 ? x - 3 * vectors[k] : x)),
            { vectors: sheared, periodic },
          ),
        ),
      ),
    ).toBeLessThan(1e-12);
  });

  it("is that of the molecule in a large cell", () => {
    const box = { vectors: Float64Array.of(40, 0, 0, 0, 40, 0, 0, 0, 40), periodic };
    expect(Math.max(...differences(structure(SPECIES, FORMAMIDE), structure(SPECIES, FORMAMIDE, box)))).toBeLessThan(
      1e-12,
    );
  });
});

describe("Gram matrices of the expansion", () => {
  const expansion = expand(structure(SPECIES, FORMAMIDE));

  /** k_{μμ'}(i, j) from G^l_{mm'} = Σ_q X_i X_j, without vectors. */
  function gramKernel(lambda: number, i: number, j: number): number[] {
    const { channels, coefficients } = expansion;
    const gram = (l: number, m: number, k: number): number => {
      let sum = 0;
      for (let q = 0; q < channels; q++)
        sum +=
          coefficients[l][(i * (2 * l + 1) + m) * channels + q] * coefficients[l][(j * (2 * l + 1) + k) * channels + q];
      return sum;
    };
    const size = 2 * lambda + 1;
    const kernel = Array.from({ length: size * size }, () => 0);
    for (const { l1, l2 } of featureBlocks(expansion.lmax, channels, lambda)) {
      const { mu, m1, m2, values } = clebschGordan(l1, l2, lambda);
      const g1 = Array.from({ length: (2 * l1 + 1) ** 2 }, (_, k) =>
        gram(l1, Math.floor(k / (2 * l1 + 1)), k % (2 * l1 + 1)),
      );
      const g2 = Array.from({ length: (2 * l2 + 1) ** 2 }, (_, k) =>
        gram(l2, Math.floor(k / (2 * l2 + 1)), k % (2 * l2 + 1)),
      );
      values.forEach((a, e) =>
        values.forEach((b, f) => {
          kernel[mu[e] * size + mu[f]] +=
            (l1 === l2 ? 1 : 2) * a * b * g1[m1[e] * (2 * l1 + 1) + m1[f]] * g2[m2[e] * (2 * l2 + 1) + m2[f]];
        }),
      );
    }
    return kernel;
  }

  it.each(LAMBDAS)("give the kernels and norms of the vectors (λ = %i)", (lambda) => {
    const size = 2 * lambda + 1;
    const p = lambdaSoap(expansion, lambda);
    const features = p.length / 6 / size;
    const dot = (a: number, b: number): number => {
      let sum = 0;
      for (let f = 0; f < features; f++) sum += p[a * features + f] * p[b * features + f];
      return sum;
    };
    const scale = Math.max(...squaredNorms(expansion, lambda));
    gramKernel(lambda, 0, 2).forEach((k, e) =>
      expect(Math.abs(k - dot(Math.floor(e / size), 2 * size + (e % size)))).toBeLessThan(1e-13 * scale),
    );
    squaredNorms(expansion, lambda).forEach((norm, i) => {
      let sum = 0;
      for (let mu = 0; mu < size; mu++) sum += dot(i * size + mu, i * size + mu);
      expect(Math.abs(norm - sum)).toBeLessThan(1e-13 * scale);
    });
  });
});
