/** Against libxc 7.0.0 at 30 points (see test/data/pyscf-grid/README.md). */
import { expect, it } from "vitest";
import { functionalByName } from "../../dist/functional/functional.js";
import { addPbeCorrelation } from "../../dist/functional/pbe-correlation.js";
import { addPbeExchange } from "../../dist/functional/pbe-exchange.js";
import { addPw92 } from "../../dist/functional/pw92.js";
import { addSlater } from "../../dist/functional/slater.js";
import { addVwn5 } from "../../dist/functional/vwn5.js";
import type { XcOutput } from "../../dist/functional/xc-term.js";
import { reference } from "./grid-helpers.js";

type Points = { exc: number[]; vrho: number[]; vsigma?: number[]; v2rho2?: number[] };
const file = reference<{ rho: number[]; sigma: number[]; functionals: Record<string, Points> }>("xc_points");
const rho = Float64Array.from(file.rho);
const sigma = Float64Array.from(file.sigma);
type Output = XcOutput & { readonly vsigma: Float64Array };
const room = (): Output => ({ exc: new Float64Array(30), vrho: new Float64Array(30), vsigma: new Float64Array(30) });

const cases: Record<string, (out: Output) => void> = {
  slater: (out) => addSlater(rho, out),
  pw92: (out) => addPw92(rho, out),
  vwn5: (out) => addVwn5(rho, out),
  pbe_x: (out) => addPbeExchange(rho, sigma, out, out.vsigma),
  pbe_c: (out) => addPbeCorrelation(rho, sigma, out, out.vsigma),
  pbe: (out) => functionalByName("pbe").evaluate(rho, sigma, out),
  svwn5: (out) => functionalByName("svwn5").evaluate(rho, undefined, out),
};

it.each(Object.entries(cases))("%s", (name, evaluate) => {
  const expected = file.functionals[name];
  const out = room();
  evaluate(out);
  const parts: readonly (readonly [Float64Array, number[] | undefined])[] = [
    [out.exc, expected.exc],
    [out.vrho, expected.vrho],
    [out.vsigma, expected.vsigma],
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
