/**
 * Checks what npm would publish: what is in it, its size, and that its documents name nothing that is missing. With
 * `--install` it is installed into an empty folder, where the commands of the README and the examples run.
 *
 *   node scripts/check-package.mjs [--install]        after npm run build
 */
import { execFileSync, execSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Of the packed file, in bytes. */
const LARGEST = 12e6;
/** Structures that the README's commands get: enough for a training, few enough for a minute. */
const [LEARNT, NEW] = [12, 2];

const folder = mkdtempSync(join(tmpdir(), "brine-package-"));
try {
  const { filename, files, size } = pack();
  const problems = [
    ...contentProblems(files.map(({ path }) => path)),
    ...documentProblems(files.map(({ path }) => path)),
  ];
  if (size > LARGEST) problems.push(`it has ${(size / 1e6).toFixed(1)} MB, more than ${LARGEST / 1e6}`);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  console.log(`the package has ${files.length} files, ${(size / 1e6).toFixed(1)} MB`);
  if (process.argv.includes("--install")) await useInstalled(join(folder, filename));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function pack() {
  const words = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  return JSON.parse(execFileSync("npm", words, { cwd: root, encoding: "utf8" }))[0];
}

function contentProblems(paths) {
  const superfluous = paths.filter((path) => /\.map$|\.tsbuildinfo$|^data\/training|^src\/|^test\//.test(path));
  const needed = [
    "dist/index.js",
    "dist/index.d.ts",
    "dist/node/index.js",
    "dist/node/worker.js",
    "dist/cli/main.js",
    "dist/report/3Dmol-min.js",
    "dist/report/3Dmol-LICENSE.txt",
    "dist/report/chart-library-LICENSES.txt",
    "data/models/qm9.safetensors",
    "data/models/water.safetensors",
    "examples/water-32.extxyz",
    "LICENSE",
  ];
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return [
    ...superfluous.map((path) => `${path} is in it`),
    ...needed.filter((path) => !paths.includes(path)).map((path) => `${path} is not in it`),
    ...["echarts", "3dmol"].filter((name) => name in dependencies).map((name) => `${name} would be installed`),
    ...(readFileSync(join(root, "dist/report/chart-library.js"), "utf8").includes('from "echarts')
      ? ["dist/report/chart-library.js is not bundled: npm run build"]
      : []),
  ];
}

/** Links of the documents, and files of the package that they name, that are not in it. */
function documentProblems(paths) {
  const there = new Set(paths.flatMap((path) => [path, ...parents(path)]));
  return paths
    .filter((path) => path.endsWith(".md"))
    .flatMap((path) => {
      const text = readFileSync(join(root, path), "utf8");
      const links = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
        .map(([, link]) => link)
        .filter((link) => !link.includes(":"))
        .map((link) => normalize(join(dirname(path), link)));
      const named = [...text.matchAll(/(?<![\w/.])(?:examples|data\/(?:basis|models|engines))\/[\w.-]+\w/g)].map(
        ([name]) => name,
      );
      return [...links, ...named]
        .map((name) => name.replace(/\/$/, ""))
        .filter((name) => !there.has(name))
        .map((name) => `${path} names ${name}, which is not in it`);
    });
}

function parents(path) {
  const parent = dirname(path);
  return parent === "." ? [] : [parent, ...parents(parent)];
}

/** Installs the packed file and does what the README says. */
async function useInstalled(tarball) {
  const home = join(folder, "home");
  mkdirSync(home);
  execSync(`npm init --yes && npm install --prefer-offline --no-audit --no-fund ${tarball}`, {
    cwd: home,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const installed = join(home, "node_modules/brine");
  console.log(`installed: ${(folderSize(join(home, "node_modules")) / 1e6).toFixed(0)} MB`);
  await makeStructures(home);
  for (const command of readmeCommands()) {
    console.log(`$ ${command}`);
    execSync(command, { cwd: home, stdio: ["ignore", "ignore", "inherit"] });
  }
  for (const file of ["brine-demo/report.html", "new.csv", "densities/predictions.json"])
    if (statSync(join(home, file)).size === 0) throw new Error(`${file} is empty`);
  for (const example of readdirSync(join(installed, "examples")).filter((name) => name.endsWith(".mjs"))) {
    console.log(`$ node ${example}`);
    copyFileSync(join(installed, "examples", example), join(home, example));
    execFileSync(process.execPath, [example], { cwd: home, stdio: ["ignore", "ignore", "inherit"] });
  }
}

/** The README's lines that begin with `npx brine`, with as many training structures as there are here. */
function readmeCommands() {
  return readFileSync(join(root, "README.md"), "utf8")
    .split("\n")
    .filter((line) => /^ {4}npx brine /.test(line))
    .map((line) =>
      line
        .replace(/#.*/, "")
        .trim()
        .replace(/--train \d+/, `--train ${LEARNT}`),
    );
}

/** `molecules.extxyz` and `new.extxyz`: distorted water. */
async function makeStructures(home) {
  const { readExtxyz, thermalDistortions, writeExtxyz } = await import(pathToFileURL(join(root, "dist/index.js")));
  const [water] = readExtxyz("3\nwater\nO 0 0 0\nH 0 0.757 0.587\nH 0 -0.757 0.587\n");
  const made = thermalDistortions(water, { temperature: [300, 500], count: LEARNT + 2 * NEW, seed: 1 });
  writeFileSync(join(home, "molecules.extxyz"), writeExtxyz(made.slice(NEW)));
  writeFileSync(join(home, "new.extxyz"), writeExtxyz(made.slice(0, NEW)));
}

function folderSize(path) {
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
