/** Files that come with the package: found relative to this module, wherever it is installed. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The path of a file of the package, such as `data/basis`. */
export function packagePath(relative: string): string {
  return fileURLToPath(new URL(`../../${relative}`, import.meta.url));
}

export function packageVersion(): string {
  return (JSON.parse(readFileSync(packagePath("package.json"), "utf8")) as { version: string }).version;
}
