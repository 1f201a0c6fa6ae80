/** The rule of docs/architecture.md: imports only go up the table of rooms. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const source = resolve(import.meta.dirname, "../../src");

/** Rooms that share a line may import each other. */
const floors: readonly (readonly string[])[] = [
  ["units", "errors", "run", "canonical-json", "version"],
  ["math"],
  ["structure"],
  ["basis"],
  ["level", "io", "integrals", "functional"],
  ["grid"],
  ["density", "descriptor"],
  ["dataset"],
  ["model"],
  ["model/prediction"],
  ["model/file", "model/problem"],
  ["model/solver"],
  ["model/training"],
  ["engine/engine", "kohn-sham"],
  ["molecule", "periodic"],
  ["engine"],
  ["workflow", "report"],
  ["index"],
  ["node"],
  ["cli"],
];

/** The floor of the longest part of the path that has one. */
function floorOf(file: string): number {
  const path = relative(source, file).replace(/\.[jt]s$/, "");
  for (let room = path; room !== "."; room = dirname(room)) {
    const floor = floors.findIndex((rooms) => rooms.includes(room));
    if (floor >= 0) return floor;
  }
  throw new Error(`no floor for ${path}`);
}

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => join(source, name));

describe("rooms", () => {
  it("import only from their own floor or above", () => {
    const down = files.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/(?:from|import\() ?"(\.[^"]+)"/g)]
        .map(([, target]) => resolve(dirname(file), target))
        .filter((target) => floorOf(target) > floorOf(file))
        .map((target) => `${relative(source, file)} imports ${relative(source, target)}`),
    );
    expect(down).toEqual([]);
  });

  it("no file holds two ideas", () => {
    const long = files.filter(
      (file) => !file.endsWith("kernel-bytes.ts") && readFileSync(file, "utf8").split("\n").length > 400,
    );
    expect(long.map((file) => relative(source, file))).toEqual([]);
  });
});
