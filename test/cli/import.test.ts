/** `import coefficients` and `show` through the real command line. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { writeNpz } from "../../dist/io/npz.js";
import { brineHere, holds, startBrine, temporaryFolder } from "./run-brine.js";

const folder = temporaryFolder();
const inFolder = (name: string): string => join(folder, name);
const water = (h: number): string => `3\n\nO 0 0 0\nH 0 ${h} 0.587\nH 0 -${h} 0.587\n`;
/** def2-universal-jfit on water, from brine's own fit: coefficients in brine's order. */
let own: number[] = [];

beforeAll(async () => {
  writeFileSync(inFolder("waters.xyz"), water(0.757) + water(0.76) + water(0.757));
  const made = await brineHere(
    ["reference", "waters.xyz", "--limit", "1", "--grid", "1", "--workers", "1", "--out", "own.db", "--quiet"],
    folder,
  );
  expect(made.stderr).toBe("");
  const shown = await brineHere(["show", "own.db", "--index", "0", "--json"], folder);
  own = JSON.parse(shown.stdout).coefficients;
  expect(own).toHaveLength(71);
});

async function importThem(
  structures: unknown,
  ...words: string[]
): Promise<{ code: number | null; stderr: string; result: Record<string, never> }> {
  writeFileSync(inFolder("densities.json"), JSON.stringify(structures));
  const { code, stdout, stderr } = await brineHere(
    ["import", "coefficients", "waters.xyz", "densities.json", "--json", ...words],
    folder,
  );
  return { code, stderr, result: JSON.parse(stdout) };
}

describe("import coefficients", () => {
  it("takes good densities in, reports duplicates, and counts electrons", async () => {
    const { code, stderr, result } = await importThem(
      {
        made: "elsewhere",
        structures: [
          { energy: -76.3, coefficients: own },
          { coefficients: own.map((c) => 1.01 * c) },
          { coefficients: own },
        ],
      },
      "--out",
      "a.db",
    );
    expect(code).toBe(0);
    expect(result).toMatchObject({
      dataset: "a.db",
      added: 2,
      failed: [],
      duplicates: [{ index: 2, of: 0 }],
      electronCounts: [{ index: 1, electrons: expect.closeTo(10.1, 2), expected: 10 }],
    });
    expect(stderr).toMatch(/structure 1: the density has 10\.1\d+ electrons, the structure 10; it is kept as it is/);
    expect(stderr).toMatch(/structure 2 is the same as structure 0/);
    const { stdout } = await brineHere(["show", "a.db", "--index", "0", "--json"], folder);
    expect(JSON.parse(stdout)).toMatchObject({
      index: 0,
      formula: "H2O",
      level: "pbe/def2-svp",
      energy: -76.3,
      coefficients: own,
      fit: { basis: "def2-universal-jfit", metric: "coulomb", electrons: expect.closeTo(10, 2) },
    });
  });

  it("reorders p functions with --order pyscf", async () => {
    await importThem(
      [{ coefficients: own }, { coefficients: own }, { coefficients: own }],
      "--out",
      "p.db",
      "--order",
      "pyscf",
      "--quiet",
    );
    const { stdout } = await brineHere(["show", "p.db", "--index", "0", "--json"], folder);
    const read: number[] = JSON.parse(stdout).coefficients;
    expect(read).not.toEqual(own);
    expect(read.toSorted()).toEqual(own.toSorted());
  });

  it("names structure, expected and found length, basis and order; keeps the others; exits with 1", async () => {
    const { code, result } = await importThem(
      [{ coefficients: own }, { coefficients: own.slice(3) }, { coefficients: own }],
      "--out",
      "b.db",
      "--order",
      "salted",
    );
    expect(code).toBe(1);
    expect(result).toMatchObject({
      added: 1,
      failed: [
        {
          index: 1,
          reason: expect.stringMatching(/^expected 71 coefficients \(def2-universal-jfit, order salted\), found 68/),
        },
      ],
    });
    const again = await importThem(
      [{ coefficients: own }, { coefficients: own }, { coefficients: own }],
      "--out",
      "b.db",
      "--quiet",
    );
    expect(again).toMatchObject({ code: 0, result: { added: 2, failed: [] } });
    expect(JSON.parse((await brineHere(["show", "b.db", "--json"], folder)).stdout)).toMatchObject({
      kind: "dataset",
      records: 2,
      failed: [],
    });
  });

  it("reports NaN, a wrong number of structures and files of another kind", async () => {
    writeFileSync(
      inFolder("nan.json"),
      `[{"coefficients": [${own.with(5, NaN)}]}, {"coefficients": []}, {"coefficients": 3}]`,
    );
    const { code, stderr } = await brineHere(
      ["import", "coefficients", "waters.xyz", "nan.json", "--out", "c.db"],
      folder,
    );
    expect(stderr).toMatch(/structure \S+:0: coefficient 5 is not a number: NaN/);
    expect(code).toBe(1);
    const few = await importThem([{ coefficients: own }], "--out", "c.db");
    expect(few).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^brine: densities\.json: 1 sets of coefficients, but waters\.xyz has 3 structures/,
      ),
    });
    const other = await brineHere(["import", "coefficients", "waters.xyz", "waters.xyz", "--out", "c.db"], folder);
    expect(other).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^brine: waters\.xyz: neither JSON nor an npz/),
    });
  });

  it("refuses what has quite another number of electrons", async () => {
    const { code, result } = await importThem(
      [{ coefficients: own.map((c) => 3 * c) }, { coefficients: own.map((c) => 1e300 * c) }, { coefficients: own }],
      "--out",
      "count.db",
    );
    expect(code).toBe(1);
    const reason =
      /the density holds 30\.0\d* electrons, the structure has 10; check the auxiliary basis and the order of the functions \(--fit\)/;
    expect(result).toMatchObject({
      added: 0,
      failed: [{ index: 0, reason: expect.stringMatching(reason) }, { index: 1 }],
    });
  });

  it("reads npz", async () => {
    const data = Float64Array.from([...own, ...own, ...own]);
    writeFileSync(
      inFolder("c.npz"),
      writeNpz({ coefficients: { shape: [3, 71], data }, energies: { shape: [3], data: Float64Array.of(-1, -2, -3) } }),
    );
    const { code } = await brineHere(
      ["import", "coefficients", "waters.xyz", "c.npz", "--out", "n.db", "--quiet"],
      folder,
    );
    expect(code).toBe(0);
    expect(
      JSON.parse((await brineHere(["show", "n.db", "--json"], folder)).stdout).structures.map(
        ({ energy }: { energy: number }) => energy,
      ),
    ).toEqual([-1, -2]);
  });
});

describe("another level than that of the dataset is refused before any work", () => {
  it.each([
    ["import coefficients waters.xyz densities.json --level lda/def2-svp", "functional lda, not pbe"],
    ["import coefficients waters.xyz densities.json --metric overlap", "fitMetric overlap, not coulomb"],
    ["import density not-looked-at.molden --level lda/def2-svp", "functional lda, not pbe"],
    ["reference waters.xyz --fit etb:2.0", "auxiliary etb:2, not def2-universal-jfit"],
    ["reference waters.xyz --smearing 0.01", "smearing 0.01, not none"],
    ["reference waters.xyz --fit etb:2.0 --orbitals-from own.db", "auxiliary etb:2, not def2-universal-jfit"],
  ])("%s", async (words, contrast) => {
    writeFileSync(
      inFolder("densities.json"),
      JSON.stringify([own, own, own].map((coefficients) => ({ coefficients }))),
    );
    const { code, stderr } = await brineHere([...words.split(" "), "--out", "own.db"], folder);
    expect(stderr).toMatch(
      /^brine: the level \S+( \S+ 0.01 Eh)? differs from that of the references in the dataset, pbe\/def2-svp \(/,
    );
    expect(stderr).toContain(`(${contrast}); give that level, or another dataset (--level, --fit, --metric)\n`);
    expect(code).toBe(1);
    expect(JSON.parse((await brineHere(["show", "own.db", "--json"], folder)).stdout).records).toBe(1);
  });

  it("and what failed at another level is in nobody's way", async () => {
    writeFileSync(inFolder("short.json"), JSON.stringify([own, own, own].map(() => ({ coefficients: [1] }))));
    const words = ["import", "coefficients", "waters.xyz", "short.json", "--out", "failures.db", "--quiet"];
    expect((await brineHere([...words, "--level", "lda/def2-svp"], folder)).code).toBe(1);
    const added = await importThem(
      [own, own, own].map((coefficients) => ({ coefficients })),
      ...words.slice(4),
    );
    expect(added).toMatchObject({ code: 0, result: { added: 2 } });
  });
});

describe("two processes", () => {
  it("the second writer is told the pid of the first; show works meanwhile", async () => {
    // More than can be done before it is stopped.
    const frames = Array.from({ length: 400 }, (_, i) => water(0.74 + 0.0002 * i)).join("");
    writeFileSync(inFolder("many.xyz"), frames);
    const first = startBrine(["reference", "many.xyz", "--grid", "4", "--workers", "1", "--out", "busy.db"], folder);
    await holds(inFolder("busy.db"), 1);
    const second = await brineHere(["reference", "many.xyz", "--out", "busy.db"], folder);
    expect(second).toMatchObject({
      code: 1,
      stderr: `brine: busy.db: process ${first.child.pid} is writing to this dataset; wait for it or stop it\n`,
    });
    const shown = await brineHere(["show", "busy.db", "--json"], folder);
    expect(JSON.parse(shown.stdout).records).toBeGreaterThan(0);
    first.child.kill("SIGTERM");
    expect((await first.finished).code).toBe(143);
    expect(readFileSync(inFolder("busy.db")).length).toBeGreaterThan(0);
  });
});
