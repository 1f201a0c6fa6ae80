/** What a file calls its structures. */
import { expect, it } from "vitest";
import { identifiers, structureName } from "../../dist/structure/identifiers.js";

const of = (info: Record<string, string | number | boolean>) => ({ info });

it("identifiers are the entries that name a structure, those that say most first", () => {
  const info = { config_type: "bulk", energy: -3, gdb_id: 7, name: "ethanol", virial: "1 0 0" };
  expect(Object.entries(identifiers(of(info)))).toEqual([
    ["name", "ethanol"],
    ["gdb_id", 7],
    ["config_type", "bulk"],
  ]);
  expect(structureName(of(info))).toBe("ethanol");
  expect(structureName(of({ "mol-ID": 12 }))).toBe("12");
  expect(structureName(of({ energy: 1 }))).toBeUndefined();
  expect(structureName(of({ comment: "a ".repeat(40) }))).toBeUndefined();
});
