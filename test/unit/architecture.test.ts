/** The rule of docs/architecture.md: imports, also those of types alone, only go up the table of rooms. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const source = resolve(import.meta.dirname, "../../src");

/** The rooms of each row of the table in docs/architecture.md, from the top. */
const floors: readonly (readonly string[])[] = readFileSync(join(source, "../docs/architecture.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| `src/"))
  .map((line) => [...line.split("|")[1].matchAll(/`src\/([\w/-]+?)\/?(?:\.ts)?`/g)].map(([, room]) => room));

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

/** The files that each file imports. */
const imports = new Map(
  files.map((file) => [
    file,
    [...readFileSync(file, "utf8").matchAll(/(?:from|import\() ?"(\.[^"]+)"/g)].map(([, target]) =>
      resolve(dirname(file), target.replace(/\.js$/, ".ts")),
    ),
  ]),
);

describe("rooms", () => {
  it("import only from their own floor or above", () => {
    const down = files.flatMap((file) =>
      imports
        .get(file)!
        .filter((target) => floorOf(target) > floorOf(file))
        .map((target) => `${relative(source, file)} imports ${relative(source, target)}`),
    );
    expect(down).toEqual([]);
  });

  it("have no circle of files that import each other", () => {
    const open = new Set<string>();
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string): void => {
      open.add(file);
      for (const target of imports.get(file) ?? []) {
        if (open.has(target)) circles.push(`${relative(source, file)} imports ${relative(source, target)}`);
        else if (!done.has(target)) visit(target);
      }
      open.delete(file);
      done.add(file);
    };
    for (const file of files) if (!done.has(file)) visit(file);
    expect(circles).toEqual([]);
  });

  it("no file holds two ideas", () => {
    const long = files.filter(
      (file) => !file.endsWith("kernel-bytes.ts") && readFileSync(file, "utf8").split("\n").length > 400,
    );
    expect(long.map((file) => relative(source, file))).toEqual([]);
  });
});
