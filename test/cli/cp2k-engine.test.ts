/** `--engine cp2k` where CP2K is missing or goes wrong; programs of this test stand for it. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createBuiltinEngine } from "../../dist/engine/kohn-sham-engine.js";
import type { GroundState } from "../../dist/engine/engine.js";
import { buildLevel } from "../../dist/engine/level.js";
import { readExtxyz } from "../../dist/io/extxyz.js";
import { basisByName, pseudopotentialsByName } from "../../dist/node/library.js";
import { brineHere, startBrine, temporaryFolder } from "./run-brine.js";

const folder = temporaryFolder();
writeFileSync(
  join(folder, "cell.xyz"),
  '2\nLattice="4 0 0 0 4 0 0 0 4" pbc="T T T"\nH 0 0 0\nH 0 0 0.74\n2\n\nH 0 0 0\nH 0 0 0.74\n',
);
const temporary = join(folder, "tmp");
mkdirSync(temporary);

/** A program that says that it is CP2K, and then does `script`. */
function standIn(script: string): NodeJS.ProcessEnv {
  const path = join(folder, "stand-in");
  writeFileSync(path, `#!/bin/sh\nif [ "$1" = --version ]; then echo " CP2K version 9.9"; exit 0; fi\n${script}\n`);
  chmodSync(path, 0o755);
  return { BRINE_CP2K: path, TMPDIR: temporary };
}

const LEVEL = ["--level", "pbe/dzvp-molopt-sr-gth", "--cutoff", "280", "--engine", "cp2k", "--workers", "1", "--json"];

async function reasonOf(environment: NodeJS.ProcessEnv, words: readonly string[] = ["--indices", "0"]) {
  const { code, stdout } = await brineHere(["scf", "cell.xyz", ...words, ...LEVEL], folder, environment);
  return { code, reason: (JSON.parse(stdout) as { failed: { reason: string }[] }).failed[0].reason };
}

/** The folder that a reason names, looked at and removed. */
function keptFiles(reason: string): { names: string[]; input: string; output: string } {
  const kept = /are kept in (\S+)$/.exec(reason)![1];
  expect(kept.startsWith(temporary)).toBe(true);
  const [input, output] = ["brine.inp", "brine.out"].map((name) => readFileSync(join(kept, name), "utf8"));
  const names = readdirSync(kept);
  rmSync(kept, { recursive: true });
  return { names, input, output };
}

/** The restart file that CP2K would write of these orbitals; what it says of atoms, sets and shells is not looked at. */
function restartFile({ state }: GroundState): Buffer {
  const [{ energies: levels, occupied, occupations, coefficients }] = state.orbitals;
  const { rows, columns, data } = coefficients.real;
  const record = (bytes: Buffer): Buffer => {
    const mark = Buffer.alloc(4);
    mark.writeInt32LE(bytes.length);
    return Buffer.concat([mark, bytes, mark]);
  };
  const integers = (...values: number[]): Buffer => record(Buffer.from(Int32Array.from(values).buffer));
  const doubles = (values: Float64Array): Buffer => record(Buffer.from(values.slice().buffer));
  const columnsOf = Array.from({ length: columns }, (_, i) =>
    doubles(Float64Array.from({ length: rows }, (_, mu) => data[mu * columns + i])),
  );
  const head = [integers(2, 1, rows, 1, 3), integers(1, 1), integers(3, 3), integers(1, 1, 3, 1, 1, 3)];
  const energies = doubles(Float64Array.of(...levels, ...occupations));
  return Buffer.concat([...head, integers(columns, occupied, occupied + 1, 2 * occupied), energies, ...columnsOf]);
}

test("what CP2K computed becomes a reference, and nothing is left of its run", async () => {
  const [structure] = readExtxyz(readFileSync(join(folder, "cell.xyz"), "utf8"));
  const level = buildLevel({
    functional: "pbe",
    orbitals: basisByName("dzvp-molopt-sr-gth"),
    pseudopotentials: pseudopotentialsByName("gth-pbe"),
    planewaveCutoff: 140,
    auxiliary: basisByName("def2-universal-jfit:uncontracted:30"),
  });
  const engine = createBuiltinEngine(level);
  const state = await engine.groundState(structure);
  const { density } = await engine.fit(state);
  writeFileSync(join(folder, "orbitals.wfn"), restartFile(state));
  const output = `     7 DIIS/Diag.  0.37E-06    0.2     0.00000020        -1.1600000000 -5.86E-09
  Overlap energy of the core charge distribution:               0.00000003300355
  Self energy of the core charge distribution:                 -2.50000000000000
  Core Hamiltonian energy:                                      0.50000000000000
  Hartree energy:                                               1.25000000000000
  Exchange-correlation energy:                                 -0.75000000000000

  Total energy:                                                -1.49999996699645
`;
  writeFileSync(join(folder, "output.txt"), output);
  const script = `cp ${join(folder, "orbitals.wfn")} brine-RESTART.wfn; cat ${join(folder, "output.txt")}`;
  const words = ["reference", "cell.xyz", "--out", "h.db", "--indices", "0", ...LEVEL];
  const made = await brineHere(words, folder, standIn(script));
  expect(JSON.parse(made.stdout)).toMatchObject({ added: 1, failed: [] });
  expect(readdirSync(temporary)).toEqual([]);
  const shown = await brineHere(["show", "h.db", "--index", "0", "--json"], folder);
  const record = JSON.parse(shown.stdout) as { energy: number; components: object; coefficients: number[] };
  expect(record).toMatchObject({
    energy: -1.49999996699645,
    components: {
      coreHamiltonian: 0.5,
      hartree: 1.25,
      exchangeCorrelation: -0.75,
      coreOverlap: 0.00000003300355,
      coreSelf: -2.5,
    },
  });
  record.coefficients.forEach((c, i) => expect(Math.abs(c - density.coefficients[i])).toBeLessThan(1e-6)); // of two backends
  const levels = (JSON.parse((await brineHere(["show", "h.db", "--json"], folder)).stdout) as { levels: object[] })
    .levels;
  expect(levels[0]).toMatchObject({ engine: "cp2k", version: "9.9", planewaveCutoff: 140 });
});

test("missing: what to install and how to name it", async () => {
  const { code, stdout } = await brineHere(["scf", "cell.xyz", ...LEVEL], folder, { BRINE_CP2K: "/there/is/no/cp2k" });
  expect(code).toBe(1);
  const { error } = JSON.parse(stdout) as { error: { kind: string; message: string } };
  expect(error.kind).toBe("unsupported");
  expect(error.message).toMatch(/\/there\/is\/no\/cp2k: not found.*apt install cp2k.*BRINE_CP2K/);
  const other = await brineHere(["scf", "cell.xyz", ...LEVEL], folder, { BRINE_CP2K: process.execPath });
  expect(other.stdout).toContain("does not say that it is CP2K");
  const doctor = await brineHere(["doctor", "--json"], folder, { BRINE_CP2K: "/there/is/no/cp2k" });
  expect(JSON.parse(doctor.stdout)).toMatchObject({ cp2k: null });
});

test("failing half-way: the code, what CP2K said, where its files are", async () => {
  const box = [
    " *******************************************************************************",
    " *   ___                                                                       *",
    " *  /   \\                                                                      *",
    " * [ABORT]                                                                     *",
    " *  \\___/  The requested basis set <BRINE> for element <H> was not found in    *",
    " *    |                   the basis set files <BASIS>                          *",
    " *  O/|                                                                        *",
    " * /| |                                                                        *",
    " * / \\                                          aobasis/basis_set_types.F:1509 *",
    " *******************************************************************************",
    " ===== Routine Calling Stack =====",
  ];
  writeFileSync(join(folder, "box.txt"), box.join("\n"));
  const { code, reason } = await reasonOf(standIn(`cat ${join(folder, "box.txt")}; echo MPI_ABORT >&2; exit 3`));
  expect(code).toBe(1);
  expect(reason).toMatch(
    /^CP2K 9\.9 ended with code 3: The requested basis set <BRINE> for element <H> was not found in the basis set files <BASIS> aobasis/,
  );
  const { names, input, output } = keptFiles(reason);
  expect(names.toSorted()).toEqual(["BASIS", "POTENTIAL", "brine.inp", "brine.out"]);
  expect(output).toContain("[ABORT]");
  expect(input).toMatch(/CUTOFF 2\.8000000000000000E\+2\n/);
  expect(input).toMatch(/UNIT BOHR\n\s+H 0\.0000000000000000E\+0/);
});

test("killed without a word: the last lines", async () => {
  const { reason } = await reasonOf(standIn("echo first; echo second; echo 'out of memory' >&2; kill -9 $$"));
  expect(reason).toMatch(/^CP2K 9\.9 ended with code 137: first \| second \| out of memory/);
  keptFiles(reason);
});

test("not converged, though it ends as if all were well", async () => {
  const step = "     2 P_Mix/Diag. 0.40E+00    0.3     0.32875408       -17.0580138042 -1.08E-01";
  const { reason } = await reasonOf(
    standIn(`echo '${step}'; echo ' *** WARNING in qs_scf.F:601 :: SCF run NOT converged ***'`),
  );
  expect(reason).toMatch(/did not converge in 2 steps \(energy -17\.058014 Eh, error 3\.3e-1\).*--max-iterations/);
  keptFiles(reason);
});

test("an output without the energies, and orbitals that are cut off", async () => {
  const { reason } = await reasonOf(standIn("echo '  Total energy:      -1.16'"));
  expect(reason).toMatch(/the output of CP2K has no number after "Core Hamiltonian energy:"/);
  keptFiles(reason);
  const energies = ["Total", "Core Hamiltonian", "Hartree", "Exchange-correlation"].map(
    (name) => `  ${name} energy: -1.0`,
  );
  const cores = ["Overlap", "Self"].map((name) => `  ${name} energy of the core charge distribution: 0.5`);
  const script = `echo '${[...energies, ...cores].join("\n")}'; printf '\\024\\000\\000\\000\\003' > brine-RESTART.wfn`;
  const cut = await reasonOf(standIn(script));
  expect(cut.reason).toMatch(/not one of CP2K, or it is cut off/);
  keptFiles(cut.reason);
});

test("what it does not treat is said before CP2K is asked", async () => {
  const environment = standIn("exit 1");
  expect((await reasonOf(environment, ["--indices", "1"])).reason).toMatch(/no periodic cell; give Lattice=/);
  for (const [words, message] of [
    [["scf", "cell.xyz", ...LEVEL, "--level", "pbe/def2-svp"], /is for periodic levels with pseudopotentials/],
    [["scf", "cell.xyz", ...LEVEL, "--level", "pbe0/dzvp-molopt-sr-gth"], /LDA and GGA only, not for pbe0/],
    [["energy", "water", "cell.xyz", "--engine", "cp2k", "--json"], /the builtin engine at the same level/],
  ] as const) {
    const { code, stdout } = await brineHere(words, folder, environment);
    expect(stdout).toMatch(message);
    expect(code).toBe(1);
  }
  expect(readdirSync(temporary)).toEqual([]);
});

test("Ctrl-C ends CP2K, and nothing is left of it", async () => {
  const pidFile = join(folder, "pid");
  const { child, finished } = startBrine(
    ["scf", "cell.xyz", "--indices", "0", ...LEVEL],
    folder,
    standIn(`echo $$ > ${pidFile}.new; mv ${pidFile}.new ${pidFile}; exec sleep 600`),
  );
  while (!existsSync(pidFile)) await new Promise((resolve) => setTimeout(resolve, 50));
  child.kill("SIGINT");
  expect((await finished).code).toBe(130);
  const pid = Number(readFileSync(pidFile, "utf8"));
  for (let tries = 0; tries < 100 && (running(pid) || readdirSync(temporary).length > 0); tries++)
    await new Promise((resolve) => setTimeout(resolve, 50));
  expect(running(pid)).toBe(false);
  expect(readdirSync(temporary)).toEqual([]);
});

function running(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
