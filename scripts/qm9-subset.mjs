/**
 * A seeded random choice of the molecules of an extxyz file that have at most a given number of atoms.
 *
 *   node scripts/qm9-subset.mjs POOL.extxyz COUNT MAX_ATOMS SEED > subset.extxyz
 */
import { readFileSync } from "node:fs";
import { readExtxyz, writeExtxyz } from "../dist/io/extxyz.js";
import { randomGenerator } from "../dist/math/random.js";

const [file, count, maxAtoms, seed] = process.argv.slice(2);
const small = readExtxyz(readFileSync(file, "utf8"), file).filter(({ species }) => species.length <= Number(maxAtoms));
const chosen = randomGenerator(Number(seed)).shuffle(small).slice(0, Number(count));
process.stdout.write(writeExtxyz(chosen));
