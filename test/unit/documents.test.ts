/** The files that the documents name are there, and each equation of theory.md names its file. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const documents = ["README.md", "CONTRIBUTING.md", ...readdirSync(join(root, "docs")).map((name) => `docs/${name}`)];
const text = (name: string): string => readFileSync(join(root, name), "utf8");

describe("documents", () => {
  it.each(documents.filter((name) => name.endsWith(".md") && name !== "docs/results.md"))("%s", (name) => {
    const named = [...text(name).matchAll(/`((?:[\w-]+\/)+[\w.-]+\.(?:ts|mjs|sh|py|extxyz|md))`/g)].map(
      ([, path]) => path,
    );
    const missing = named.filter((path) => !existsSync(join(root, path)) && !existsSync(join(root, "src", path)));
    expect(missing).toEqual([]);
  });
});

it("each equation of theory.md stands above the file where it is written", () => {
  const groups = text("docs/theory.md").split(/```math\n[^]*?```\n(?!```math)/);
  expect(groups.length).toBeGreaterThan(25);
  for (const after of groups.slice(1)) expect(after).toMatch(/^→ `[\w-]+\//);
});
