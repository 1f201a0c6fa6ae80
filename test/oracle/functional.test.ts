/** Against libxc 7.0.0 at 30 points (see test/data/pyscf-grid/README.md). */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { functionalByName } from "../../dist/functional/functional.js";
import { PBE, pbeCorrelation } from "../../dist/functional/pbe-correlation.js";
import { pbeExchange } from "../../dist/functional/pbe-exchange.js";
import { addPw92 } from "../../dist/functional/pw92.js";
import { addSlater } from "../../dist/functional/slater.js";
import { addB88Exchange } from "../../dist/functional/b88-exchange.js";
import { addLyp } from "../../dist/functional/lyp.js";
import { addR2scanCorrelation } from "../../dist/functional/r2scan-correlation.js";
import { addR2scanExchange } from "../../dist/functional/r2scan-exchange.js";
import { addVwn5, addVwnRpa } from "../../dist/functional/vwn.js";
import type { SpinPoints, SpinXcOutput, XcOutput } from "../../dist/functional/xc-term.js";
import { reference } from "./grid-helpers.js";

type Points = { exc: number[]; vrho: number[]; vsigma?: number[]; vtau?: number[]; v2rho2?: number[] };
const file = reference<{ rho: number[]; sigma: number[]; tau: number[]; functionals: Record<string, Points> }>(
  "xc_points",
);
const rho = Float64Array.from(file.rho);
const sigma = Float64Array.from(file.sigma);
const tau = Float64Array.from(file.tau);
type Output = Required<XcOutput>;
const room = (): Output => ({
  exc: new Float64Array(30),
  vrho: new Float64Array(30),
  vsigma: new Float64Array(30),
  vtau: new Float64Array(30),
});
const named = (name: string) => (out: Output) => functionalByName(name).evaluate(rho, sigma, out, tau);

const cases: Record<string, (out: Output) => void> = {
  slater: (out) => addSlater(rho, out),
  pw92: (out) => addPw92(rho, out),
  vwn5: (out) => addVwn5(rho, out),
  pbe_x: (out) => pbeExchange(PBE)(rho, sigma, out, out.vsigma),
  pbe_c: (out) => pbeCorrelation(PBE)(rho, sigma, out, out.vsigma),
  vwn_rpa: (out) => addVwnRpa(rho, out),
  b88: (out) => addB88Exchange(rho, sigma, out, out.vsigma),
  lyp: (out) => addLyp(rho, sigma, out, out.vsigma),
  r2scan_x: (out) => addR2scanExchange(rho, sigma, tau, out, out.vsigma, out.vtau),
  r2scan_c: (out) => addR2scanCorrelation(rho, sigma, tau, out, out.vsigma, out.vtau),
  svwn5: named("svwn5"),
  pbe: named("pbe"),
  blyp: named("blyp"),
  pbe0_semilocal: named("pbe0"),
  b3lyp_semilocal: named("b3lyp"),
  b3lyp5_semilocal: named("b3lyp5"),
  r2scan: named("r2scan"),
};

it.each(Object.entries(cases))("%s", (name, evaluate) => {
  const expected = file.functionals[name];
  const out = room();
  evaluate(out);
  const parts: readonly (readonly [Float64Array, number[] | undefined])[] = [
    [out.exc, expected.exc],
    [out.vrho, expected.vrho],
    [out.vsigma, expected.vsigma],
    [out.vtau, expected.vtau],
  ];
  // 1e-9 of the value; where exchange and correlation cancel (σ = 0), of their size.
  for (const [got, want] of parts)
    want?.forEach((value, p) => expect(Math.abs(got[p] - value)).toBeLessThan(1e-9 * Math.max(Math.abs(value), 1e-5)));
});

it("PBE without gradient is Slater + PW92 with more digits", () => {
  const out = room();
  functionalByName("pbe").evaluate(rho, new Float64Array(30), out);
  file.functionals.pw92_mod.exc.forEach((value, p) =>
    expect(out.exc[p]).toBeCloseTo(value + file.functionals.slater.exc[p], 11),
  );
});

const all = ["lda", "svwn5", "pbe", "blyp", "b3lyp", "b3lyp5", "pbe0", "r2scan"];

it.each(all)("%s of both spins apart, against libxc", (name) => {
  const open = JSON.parse(
    readFileSync(new URL("../data/pyscf-open-shell/xc_points.json", import.meta.url), "utf8"),
  ) as OpenPoints;
  const expected = open.functionals[name];
  const count = open.rho[0].length;
  const out = spinRoom(count);
  functionalByName(name).evaluateSpin(spinPoints(open), out);
  const got = [out.exc, ...out.vrho, ...(expected.vsigma ? out.vsigma! : []), ...(expected.vtau ? out.vtau! : [])];
  const want = [expected.exc, ...expected.vrho, ...(expected.vsigma ?? []), ...(expected.vtau ?? [])];
  want.forEach((values, k) =>
    values.forEach((value, p) =>
      expect(Math.abs(got[k][p] - value)).toBeLessThan(1e-9 * Math.max(Math.abs(value), 1e-5)),
    ),
  );
});

it.each(all)("%s of equal spins is that of closed shells", (name) => {
  const closed = room();
  named(name)(closed);
  const half = (values: Float64Array, factor: number): Float64Array => values.map((x) => factor * x);
  const [r, s, t] = [half(rho, 0.5), half(sigma, 0.25), half(tau, 0.5)];
  const out = spinRoom(30);
  functionalByName(name).evaluateSpin({ rho: [r, r], sigma: [s, s, s], tau: [t, t] }, out);
  for (let p = 0; p < 30; p++) {
    expect(Math.abs(out.exc[p] / closed.exc[p] - 1)).toBeLessThan(1e-12);
    expect(Math.abs(out.vrho[1][p] / closed.vrho[p] - 1)).toBeLessThan(1e-12);
  }
});

it.each(all)("%s stays finite and small at small densities and full polarisation", (name) => {
  const tiny = Float64Array.from([1e-11, 1e-10, 2e-10, 1e-9, 1e-8, 1e-6, 1e-3]);
  const none = new Float64Array(tiny.length);
  const out = spinRoom(tiny.length);
  for (const gradient of [0, 1e3]) {
    const steep = tiny.map((x) => gradient * x * x);
    functionalByName(name).evaluateSpin(
      { rho: [tiny, none], sigma: [steep, none, none], tau: [steep.map((x, p) => x / (8 * tiny[p])), none] },
      out,
    );
    for (const values of [out.exc, ...out.vrho, ...out.vsigma!, ...out.vtau!])
      expect(values.every(Number.isFinite)).toBe(true);
    const closed = {
      exc: new Float64Array(7),
      vrho: new Float64Array(7),
      vsigma: new Float64Array(7),
      vtau: new Float64Array(7),
    };
    functionalByName(name).evaluate(
      tiny,
      steep,
      closed,
      steep.map((x, p) => x / (8 * tiny[p])),
    );
    for (const values of Object.values(closed)) expect(values.every(Number.isFinite)).toBe(true);
    expect(closed.exc[0]).toBe(0);
  }
});

interface OpenPoints {
  rho: [number[], number[]];
  sigma: [number[], number[], number[]];
  tau: [number[], number[]];
  functionals: Record<string, { exc: number[]; vrho: number[][]; vsigma?: number[][]; vtau?: number[][] }>;
}

function spinRoom(count: number): SpinXcOutput {
  const one = (): Float64Array => new Float64Array(count);
  return { exc: one(), vrho: [one(), one()], vsigma: [one(), one(), one()], vtau: [one(), one()] };
}

function spinPoints({ rho: [a, b], sigma: [aa, ab, bb], tau: [ta, tb] }: OpenPoints): SpinPoints {
  const array = (values: number[]): Float64Array => Float64Array.from(values);
  return { rho: [array(a), array(b)], sigma: [array(aa), array(ab), array(bb)], tau: [array(ta), array(tb)] };
}
