/** `import salted` through the real command line, on a directory made from brine's own fit. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { placeBasis } from "../../dist/basis/basis.js";
import { overlapMatrix } from "../../dist/integrals/index.js";
import { writeNpy } from "../../dist/io/npy.js";
import { readExtxyz } from "../../dist/io/extxyz.js";
import { basisByName } from "../../dist/node/library.js";
import { brineHere, temporaryFolder } from "./run-brine.js";

const folder = temporaryFolder();
const at = (...names: string[]): string => join(folder, ...names);
const water = (h: number): string => `3\n\nO 0 0 0\nH 0 ${h} 0.587\nH 0 -${h} 0.587\n`;
const waters = water(0.757) + water(0.76);
const input = `# of SALTED
salted:
  saltedname: W
  saltedpath: ./
system:
  filename: ./waters.xyz
  species: [H, O]   # both
qm:
  qmcode: pyscf
  dfbasis: def2-universal-jfit
  qmbasis: def2-svp
  functional: PBE
descriptor:
  rep1:
    neighspe:
      - H
      - O
`;
let own: number[] = [];

beforeAll(async () => {
  mkdirSync(at("good", "coefficients"), { recursive: true });
  mkdirSync(at("good", "overlaps"));
  writeFileSync(at("good", "waters.xyz"), waters);
  writeFileSync(at("good", "inp.yaml"), input);
  const made = await brineHere(
    ["reference", "good/waters.xyz", "--limit", "1", "--grid", "1", "--workers", "1", "--out", "own.db", "--quiet"],
    folder,
  );
  expect(made.stderr).toBe("");
  own = JSON.parse((await brineHere(["show", "own.db", "--index", "0", "--json"], folder)).stdout).coefficients;
  const auxiliary = basisByName("def2-universal-jfit");
  readExtxyz(waters).forEach((structure, index) => {
    const data = Float64Array.from(own);
    writeFileSync(at("good", "coefficients", `coefficients_conf${index}.npy`), writeNpy({ shape: [71], data }));
    const overlap = overlapMatrix(placeBasis(auxiliary, structure));
    writeFileSync(
      at("good", "overlaps", `overlap_conf${index}.npy`),
      writeNpy({ shape: [71, 71], data: overlap.data }),
    );
  });
});

async function imported(directory: string, ...words: string[]): Promise<{ code: number | null; result: never }> {
  const { code, stdout } = await brineHere(
    ["import", "salted", directory, "--out", `${directory}.db`, "--json", "--quiet", ...words],
    folder,
  );
  return { code, result: JSON.parse(stdout) as never };
}

/** A copy of the good directory, to be spoilt. */
function copyAs(name: string): void {
  cpSync(at("good"), at(name), { recursive: true });
}

describe("import salted", () => {
  it("takes names from inp.yaml and coefficients in SALTED's order, which is brine's", async () => {
    const { code, result } = await imported("good");
    expect(code).toBe(0);
    expect(result).toMatchObject({ dataset: "good.db", added: 2, failed: [], duplicates: [], electronCounts: [] });
    const { stdout } = await brineHere(["show", "good.db", "--index", "1", "--json"], folder);
    expect(JSON.parse(stdout)).toMatchObject({
      formula: "H2O",
      level: "pbe/def2-svp",
      coefficients: own,
      fit: { basis: "def2-universal-jfit", metric: "coulomb" },
    });
  });

  it("reads a directory without inp.yaml and overlaps when it is told the names", async () => {
    copyAs("bare");
    rmSync(at("bare", "inp.yaml"));
    rmSync(at("bare", "overlaps"), { recursive: true });
    const { code, result } = await imported("bare", "--structures", "bare/waters.xyz", "--level", "pbe/def2-svp");
    expect(code).toBe(0);
    expect(result).toMatchObject({ added: 2 });
  });

  it("keeps what is wrong with one structure as its failure", async () => {
    copyAs("missing");
    rmSync(at("missing", "coefficients", "coefficients_conf1.npy"));
    const { code, result } = await imported("missing");
    expect(code).toBe(1);
    expect(result).toMatchObject({
      added: 1,
      failed: [{ index: 1, reason: expect.stringContaining("there is no coefficients/coefficients_conf1.npy") }],
    });
  });

  it.each([
    ["other", "not an array", "not an npy array"],
    ["cut", undefined, "the array is cut off"],
  ])("takes an array that cannot be read as the failure of its structure alone: %s", async (name, text, reason) => {
    copyAs(name);
    const file = at(name, "coefficients", "coefficients_conf1.npy");
    const overlap = at(name, "overlaps", "overlap_conf0.npy");
    writeFileSync(file, text ?? readFileSync(file).subarray(0, 200));
    writeFileSync(overlap, text ?? readFileSync(overlap).subarray(0, 200));
    const { code, stdout, stderr } = await brineHere(
      ["import", "salted", name, "--out", `${name}.db`, "--json"],
      folder,
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      added: 1,
      failed: [{ index: 1, reason: `${join(name, "coefficients", "coefficients_conf1.npy")}: ${reason}` }],
    });
    expect(stderr).toContain(`overlap_conf0.npy: ${reason}; it was not compared`);
  });

  it("refuses other layouts, other functions and folders that are none of SALTED's", async () => {
    copyAs("aims");
    writeFileSync(at("aims", "inp.yaml"), input.replace("qmcode: pyscf", "qmcode: aims"));
    expect(await imported("aims")).toMatchObject({
      code: 1,
      result: { error: { kind: "unsupported", message: expect.stringContaining("made with aims (qm.qmcode)") } },
    });
    expect(await imported("good", "--fit", "def2-universal-jkfit")).toMatchObject({
      code: 1,
      result: { error: { kind: "mismatch", message: expect.stringMatching(/overlap of structure 0: .*--fit/) } },
    });
    for (const file of ["good/inp.yaml", "absent"])
      expect(await imported(file, "--out", "x.db")).toMatchObject({ result: { error: { kind: "input" } } });
    mkdirSync(at("empty"));
    expect(await imported("empty")).toMatchObject({
      result: { error: { kind: "input", message: expect.stringContaining("there is no folder coefficients/") } },
    });
  });

  it("is learnt from, and predicted in SALTED's order", async () => {
    copyAs("learnt");
    expect((await imported("learnt")).code).toBe(0);
    const short =
      "--nmax 3 --lmax 2 --environments 4 --regularization 1e-12 --metric overlap --workers 1 --quiet".split(" ");
    expect((await brineHere(["train", "learnt.db", "--out", "w.safetensors", ...short], folder)).code).toBe(0);
    const predict = async (order: string): Promise<number[]> => {
      const words = ["predict", "w.safetensors", "good/waters.xyz", "--order", order, "--out", order, "--quiet"];
      expect((await brineHere(words, folder)).code).toBe(0);
      const { order: written, structures } = JSON.parse(readFileSync(at(order, "predictions.json"), "utf8"));
      expect(written).toBe(order);
      return structures[0].coefficients;
    };
    const [salted, pyscf] = [await predict("salted"), await predict("pyscf")];
    // Two molecules that differ by 0.003 Å in one coordinate have the same coefficients here, up to 8.5.
    expect(Math.max(...salted.map((value, p) => Math.abs(value - own[p])))).toBeLessThan(0.06);
    // The first p shell of oxygen after its six s shells: y, z, x, with a dipole along z; PySCF has x, y, z.
    expect(Math.abs(salted[7])).toBeGreaterThan(100 * Math.max(Math.abs(salted[6]), Math.abs(salted[8])));
    expect(pyscf.slice(6, 9)).toEqual([salted[8], salted[6], salted[7]]);
  });
});
