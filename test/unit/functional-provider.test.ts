import { expect, it } from "vitest";
import { functionalByName } from "../../dist/functional/functional.js";
import { useMachine } from "../../dist/machine.js";

it("asks the provider for what is not built in, and says what is", () => {
  expect(() => functionalByName("gga_x_b88")).toThrow(
    /unknown functional "gga_x_b88"; built in are pbe, .*r2scan; .*libxc is not in use here$/,
  );
  const asked: string[] = [];
  const other = { ...functionalByName("pbe"), name: "other" };
  useMachine({
    functionals: (name) => {
      asked.push(name);
      return name === "other" ? other : "the shelf is empty";
    },
  });
  expect(functionalByName("PBE").name).toBe("pbe");
  expect(functionalByName("Other")).toBe(other);
  expect(() => functionalByName("abacus")).toThrow(/: the shelf is empty$/);
  expect(asked).toEqual(["other", "abacus"]);
});
