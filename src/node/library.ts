/** Basis sets and models by name, from the files that come with the package, or by path. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { Basis } from "../basis/basis.js";
import { evenTempered } from "../basis/even-tempered.js";
import { BrineError } from "../errors.js";
import { readBasisSetExchange } from "../io/bse.js";
import { readText } from "./files.js";
import { packagePath } from "./package-files.js";

/**
 * A basis set: a bundled name (`def2-svp`, in any case), the path of a Basis Set Exchange JSON file, or
 * `etb:β`, even-tempered from `orbitals`. Throws `usage` for a name that is not there, with those that are.
 */
export function basisByName(nameOrPath: string, orbitals?: Basis): Basis {
  const ratio = /^etb:(.+)$/.exec(nameOrPath)?.[1];
  if (ratio !== undefined) {
    if (!orbitals) throw new BrineError("usage", `${nameOrPath} is made from an orbital basis, and there is none here`);
    return evenTempered(orbitals, Number(ratio));
  }
  if (isFile(nameOrPath))
    return readBasisSetExchange(readText(nameOrPath), basename(nameOrPath).replace(/\.json$/i, ""));
  const name = nameOrPath.toLowerCase();
  const path = packagePath(`data/basis/${fileName(name)}.json`);
  if (!isFile(path))
    throw new BrineError(
      "usage",
      `unknown basis set "${nameOrPath}"; there are ${bundled("data/basis", ".json").join(", ")}, or give a JSON file of the Basis Set Exchange`,
    );
  return readBasisSetExchange(readText(path), name);
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
