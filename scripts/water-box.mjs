/**
 * A box of liquid water at 1 g/cm³ and 300 K, out of nothing: molecules on a face-centred cubic lattice, turned at random,
 * then 20 ps of molecular dynamics with the flexible SPC/Fw potential (Wu, Tepper, Voth, J. Chem. Phys. 124, 024503
 * (2006), doi:10.1063/1.2136877). Charges act by damped shifted forces up to half of the edge (Fennell & Gezelter,
 * J. Chem. Phys. 124, 234104 (2006), doi:10.1063/1.2206581). Bonds and angles are then drawn as wide as the zero-point
 * motion makes them, 0.07 Å and 9°, since models learn from frames with quantum nuclei.
 *
 *   node scripts/water-box.mjs [CELLS] [SEED] > box.extxyz        4 CELLS³ molecules (CELLS = 2, SEED = 1)
 */
import { writeExtxyz } from "../dist/io/extxyz.js";
import { erfc } from "../dist/math/error-function.js";
import { randomGenerator } from "../dist/math/random.js";
import { BOHR_IN_ANGSTROM } from "../dist/units.js";

// Å, kcal/mol, dalton; a unit of time is 48.888 fs. Bonds and angles: ½ k (x − x₀)².
const COULOMB = 332.0637;
const THERMAL = 0.0019872 * 300;
const STEP = 0.5 / 48.888;
const STEPS = 40_000;
/** Steps between new velocities, all of them drawn from Maxwell's distribution. */
const COLLISIONS = 100;
const SPC = {
  qO: -0.82,
  qH: 0.41,
  epsilon: 0.1554253,
  sigma: 3.165492,
  bond: 1.012,
  kBond: 1059.162,
  angle: 113.24,
  kAngle: 75.9,
};
const DAMPING = 0.2;
const MASSES = [15.999, 1.008, 1.008];
const DEGREE = Math.PI / 180;
/** What bonds (Å) and angles have in the end: mean and width. */
const BOND = [0.978, 0.07];
const ANGLE = [104.6 * DEGREE, 9 * DEGREE];
/** Volume of a molecule at 1 g/cm³, Å³. */
const VOLUME = 18.015 / 0.602214076;

const cells = Number(process.argv[2] ?? 2);
const random = randomGenerator(Number(process.argv[3] ?? 1));
const molecules = 4 * cells ** 3;
const edge = Math.cbrt(molecules * VOLUME);
const reach = edge / 2;
const table = forceTable(reach);

const positions = lattice();
const forces = new Float64Array(positions.length);
relax(2000);
dynamics(STEPS);
redraw();
process.stdout.write(
  writeExtxyz([
    {
      species: Uint8Array.from({ length: 3 * molecules }, (_, i) => (i % 3 === 0 ? 8 : 1)),
      positions: positions.map((x) => Number(x.toFixed(5)) / BOHR_IN_ANGSTROM),
      cell: {
        vectors: Float64Array.of(edge, 0, 0, 0, edge, 0, 0, 0, edge).map(
          (x) => Number(x.toFixed(5)) / BOHR_IN_ANGSTROM,
        ),
        periodic: [true, true, true],
      },
      charge: 0,
      unpaired: 0,
      info: { name: "liquid water, 1 g/cm3, 300 K, SPC/Fw, scripts/water-box.mjs" },
    },
  ]),
);

function lattice() {
  const sites = [
    [0, 0, 0],
    [0, 1, 1],
    [1, 0, 1],
    [1, 1, 0],
  ];
  const result = [];
  for (let cell = 0; cell < cells ** 3; cell++)
    for (const site of sites) {
      const corner = [cell % cells, Math.floor(cell / cells) % cells, Math.floor(cell / cells ** 2)];
      const oxygen = site.map((x, k) => ((corner[k] + x / 2) * edge) / cells);
      const u = direction();
      const v = orthogonal(direction(), u);
      const half = 0.5 * SPC.angle * DEGREE;
      result.push(oxygen);
      for (const sign of [1, -1])
        result.push(oxygen.map((x, k) => x + SPC.bond * (Math.cos(half) * u[k] + sign * Math.sin(half) * v[k])));
    }
  return Float64Array.from(result.flat());
}

function direction() {
  return unit([random.normal(), random.normal(), random.normal()]);
}

function unit(v) {
  const norm = Math.hypot(...v);
  return v.map((x) => x / norm);
}

function orthogonal(v, u) {
  const along = v.reduce((sum, x, k) => sum + x * u[k], 0);
  return unit(v.map((x, k) => x - along * u[k]));
}

/** Force over distance of two unit charges and of two oxygens, at every 0.001 Å² of r². */
function forceTable(cutoff) {
  const count = Math.ceil(cutoff ** 2 * 1000) + 2;
  const coulomb = new Float64Array(count);
  const dispersion = new Float64Array(count);
  const bare = (r) =>
    erfc(DAMPING * r) / r ** 2 + ((2 * DAMPING) / Math.sqrt(Math.PI)) * (Math.exp(-((DAMPING * r) ** 2)) / r);
  for (let i = 100; i < count; i++) {
    const r = Math.sqrt(i / 1000);
    const sixth = (SPC.sigma / r) ** 6;
    coulomb[i] = (COULOMB * (bare(r) - bare(cutoff))) / r;
    dispersion[i] = (24 * SPC.epsilon * (2 * sixth ** 2 - sixth)) / r ** 2;
  }
  return { coulomb, dispersion, count };
}

function addForces() {
  forces.fill(0);
  for (let i = 0; i < 3 * molecules; i++) for (let j = 3 * Math.floor(i / 3) + 3; j < 3 * molecules; j++) addPair(i, j);
  for (let o = 0; o < 3 * molecules; o += 3) {
    addBond(o, o + 1);
    addBond(o, o + 2);
    addAngle(o);
  }
}

function addPair(i, j) {
  const d = [0, 0, 0];
  let square = 0;
  for (let k = 0; k < 3; k++) {
    d[k] = positions[3 * j + k] - positions[3 * i + k];
    d[k] -= edge * Math.round(d[k] / edge);
    square += d[k] * d[k];
  }
  const at = Math.max(100, square * 1000);
  const index = Math.floor(at);
  if (index + 1 >= table.count) return;
  const [a, b] = [i % 3 === 0, j % 3 === 0];
  const product = (a ? SPC.qO : SPC.qH) * (b ? SPC.qO : SPC.qH);
  const between = (values) => values[index] + (at - index) * (values[index + 1] - values[index]);
  push(i, j, d, -product * between(table.coulomb) - (a && b ? between(table.dispersion) : 0));
}

/** Adds `strength` d to the force on i, and takes it from j. */
function push(i, j, d, strength) {
  for (let k = 0; k < 3; k++) {
    forces[3 * i + k] += strength * d[k];
    forces[3 * j + k] -= strength * d[k];
  }
}

function bondVector(i, j) {
  return [0, 1, 2].map((k) => positions[3 * j + k] - positions[3 * i + k]);
}

function addBond(i, j) {
  const d = bondVector(i, j);
  const r = Math.hypot(...d);
  push(i, j, d, (SPC.kBond * (r - SPC.bond)) / r);
}

function addAngle(o) {
  const [a, b] = [bondVector(o, o + 1), bondVector(o, o + 2)];
  const [ra, rb] = [Math.hypot(...a), Math.hypot(...b)];
  const cosine = a.reduce((sum, x, k) => sum + x * b[k], 0) / (ra * rb);
  const slope = (SPC.kAngle * (Math.acos(cosine) - SPC.angle * DEGREE)) / Math.sqrt(1 - cosine ** 2);
  for (let k = 0; k < 3; k++) {
    const onA = (slope * (b[k] / rb - (cosine * a[k]) / ra)) / ra;
    const onB = (slope * (a[k] / ra - (cosine * b[k]) / rb)) / rb;
    forces[3 * (o + 1) + k] += onA;
    forces[3 * (o + 2) + k] += onB;
    forces[3 * o + k] -= onA + onB;
  }
}

/** Downhill, at most 0.01 Å a step: takes overlaps of the lattice apart. */
function relax(steps) {
  for (let step = 0; step < steps; step++) {
    addForces();
    const largest = Math.max(...forces.map(Math.abs));
    const scale = Math.min(0.0003, 0.01 / largest);
    for (let i = 0; i < positions.length; i++) positions[i] += scale * forces[i];
  }
}

/** Velocity Verlet with collisions (Andersen, J. Chem. Phys. 72, 2384 (1980), doi:10.1063/1.439486). */
function dynamics(steps) {
  const velocities = new Float64Array(positions.length);
  const mass = (i) => MASSES[Math.floor(i / 3) % 3];
  addForces();
  for (let step = 0; step < steps; step++) {
    if (step % COLLISIONS === 0)
      for (let i = 0; i < velocities.length; i++) velocities[i] = Math.sqrt(THERMAL / mass(i)) * random.normal();
    for (let i = 0; i < positions.length; i++) {
      velocities[i] += (0.5 * STEP * forces[i]) / mass(i);
      positions[i] += STEP * velocities[i];
    }
    addForces();
    for (let i = 0; i < positions.length; i++) velocities[i] += (0.5 * STEP * forces[i]) / mass(i);
  }
}

/** New bonds and angles in the plane of each molecule, which keeps its oxygen and its bisector; within two widths. */
function redraw() {
  const drawn = ([mean, width]) => {
    let x = random.normal();
    while (Math.abs(x) > 2) x = random.normal();
    return mean + width * x;
  };
  for (let o = 0; o < 3 * molecules; o += 3) {
    const [a, b] = [unit(bondVector(o, o + 1)), unit(bondVector(o, o + 2))];
    const u = unit(a.map((x, k) => x + b[k]));
    const v = orthogonal(a, u);
    const half = 0.5 * drawn(ANGLE);
    for (const [hydrogen, sign] of [
      [o + 1, 1],
      [o + 2, -1],
    ]) {
      const bond = drawn(BOND);
      for (let k = 0; k < 3; k++)
        positions[3 * hydrogen + k] =
          positions[3 * o + k] + bond * (Math.cos(half) * u[k] + sign * Math.sin(half) * v[k]);
    }
  }
}
