/** Basis sets and models by name, from the files that come with the package, or by path. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { Basis } from "../basis/basis.js";
import type { Pseudopotentials } from "../basis/pseudopotential.js";
import { basisFrom, type Library } from "../engine/named-level.js";
import { BrineError } from "../errors.js";
import { readBasisSet } from "../io/basis-set.js";
import { readGthPotentials } from "../io/gth-potential.js";
import { readText } from "./files.js";
import { packagePath } from "./package-files.js";

/**
 * The files that come with the package. Names are bundled ones in any case (`def2-svp`, `gth-pbe`), or paths of files of
 * the Basis Set Exchange (JSON) or of CP2K (`PATH#NAME` where a file has several sets).
 */
export const packageLibrary: Library = { basis: bundledBasis, pseudopotentials: pseudopotentialsByName };

/**
 * A basis set: a name or path of `packageLibrary`, `etb:β`, even-tempered from `orbitals`, or `NAME:uncontracted:α`, the
 * primitives of a basis up to the exponent α. Throws `usage` for a name that is not there, with those that are.
 */
export function basisByName(nameOrPath: string, orbitals?: Basis): Basis {
  return basisFrom(packageLibrary, nameOrPath, orbitals);
}

function bundledBasis(nameOrPath: string): Basis {
  const [file, set] = nameOrPath.split("#");
  if (isFile(file)) return readBasisSet(readText(file), set ?? basename(file).replace(/\.(json|txt)$/i, ""));
  const name = nameOrPath.toLowerCase();
  const path = BASIS_ENDINGS.map((ending) => packagePath(`data/basis/${fileName(name)}${ending}`)).find(isFile);
  if (path === undefined)
    throw new BrineError(
      "usage",
      `unknown basis set "${nameOrPath}"; there are ${BASIS_ENDINGS.flatMap((ending) => bundled("data/basis", ending)).join(", ")}, or give a file of the Basis Set Exchange (JSON) or of CP2K`,
    );
  return readBasisSet(readText(path), name);
}

/** JSON of the Basis Set Exchange, and the format of CP2K. */
const BASIS_ENDINGS = [".json", ".txt"];

/**
 * Pseudopotentials: a bundled name (`gth-pbe`, in any case), or the path of a file of CP2K (`PATH#NAME` where it has
 * several of an element). Throws `usage` for a name that is not there, with those that are.
 */
export function pseudopotentialsByName(nameOrPath: string): Pseudopotentials {
  const [file, set] = nameOrPath.split("#");
  if (isFile(file)) return readGthPotentials(readText(file), set ?? basename(file).replace(/\.txt$/i, ""));
  const name = nameOrPath.toLowerCase();
  const path = packagePath(`data/pseudopotentials/${name}.txt`);
  if (!isFile(path))
    throw new BrineError(
      "usage",
      `unknown pseudopotentials "${nameOrPath}"; there are ${bundled("data/pseudopotentials", ".txt").join(", ")}, or give a file in the format of CP2K`,
    );
  return readGthPotentials(readText(path), name);
}

/** The path of a model: a file, or the bundled one of that name. Throws `input` when there is neither. */
export function modelPath(nameOrPath: string): string {
  if (isFile(nameOrPath)) return nameOrPath;
  const path = packagePath(`data/models/${nameOrPath}.safetensors`);
  if (isFile(path)) return path;
  const names = bundled("data/models", ".safetensors");
  throw new BrineError(
    "input",
    `there is no such model file${names.length > 0 ? ` and no bundled model of that name; there are ${names.join(", ")}` : ""}`,
    { where: nameOrPath },
  );
}

/** The path of a file of structures: as given, or where there is none, that of the package (`examples/water-32.extxyz`). */
export function structuresPath(path: string): string {
  const bundled = packagePath(path);
  return !isFile(path) && path.startsWith("examples/") && isFile(bundled) ? bundled : path;
}

/** `6-31g*` is the file `6-31g_st_.json`, as in the Basis Set Exchange. */
function fileName(name: string): string {
  return name.replaceAll("*", "_st_").replaceAll("/", "_sl_");
}

function bundled(folder: string, ending: string): string[] {
  const path = packagePath(folder);
  if (!existsSync(path)) return [];
  const files = readdirSync(path).filter((file) => file.endsWith(ending));
  return files.map((file) => file.slice(0, -ending.length).replaceAll("_st_", "*").replaceAll("_sl_", "/")).toSorted();
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
