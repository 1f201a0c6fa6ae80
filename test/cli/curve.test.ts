/** `curve`, and `train --validation`, through the real command line on water monomers. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openDataset } from "../../dist/node/sqlite-dataset.js";
import { waterClusters } from "../data/water-clusters/load.mjs";
import { numberOf, tableRows } from "../unit/read-report.js";
import { brine, brineHere, temporaryFolder } from "./run-brine.js";

const folder = temporaryFolder();
const quick = ["--nmax", "4", "--lmax", "3", "--environments", "8", "--committee", "0", "--quiet", "--json"];

beforeAll(() => {
  const dataset = openDataset(join(folder, "water.db"), { create: true });
  waterClusters()
    .training.slice(0, 16)
    .forEach((reference, index) => dataset.put({ index }, reference));
  dataset.close();
});

async function run(...words: string[]): Promise<{ code: number | null; result: never }> {
  const { code, stdout } = await brineHere([...words, ...quick], folder);
  return { code, result: JSON.parse(stdout) as never };
}

describe("curve", () => {
  it("gives a point a size, with the spread over repeats, and a page", async () => {
    const { code, result } = await run(
      ..."curve water.db --sizes 8,4 --repeats 2 --validation 4 --workers 1 --out curve.html".split(" "),
    );
    expect(code).toBe(0);
    const { points, validation } = result as { validation: number; points: Record<string, number>[] };
    expect(validation).toBe(4);
    expect(points.map((point) => [point.train, point.repeats, point.failed])).toEqual([
      [4, 2, 0],
      [8, 2, 0],
    ]);
    for (const point of points) {
      expect(point.rmsePercent).toBeGreaterThan(0);
      expect(point.rmsePercentDeviation).toBeGreaterThan(0);
      expect(point.maePercent).toBeGreaterThan(0);
    }
    expect(points[1].rmsePercent).toBeLessThan(points[0].rmsePercent);
    const page = readFileSync(join(folder, "curve.html"), "utf8");
    expect(page).toMatch(/<span>curve<\/span> <span>water.db<\/span> .*<span>--out<\/span> <span>curve.html<\/span>/);
    const rows = tableRows(page, "Training structures");
    expect(rows.map(({ name }) => Number(name))).toEqual([4, 8]);
    points.forEach(({ rmsePercent, rmsePercentDeviation }, i) => {
      const { text } = rows[i].cells["Density, % RMSE"];
      expect(text.split(" ± ").map(numberOf)).toEqual([
        Number(rmsePercent.toPrecision(3)),
        Number(rmsePercentDeviation.toPrecision(2)),
      ]);
    });
  });

  it("runs twice at a time on one dataset, and leaves no scratch files", async () => {
    const words = "curve water.db --sizes 4 --validation 4 --workers 1".split(" ");
    const [one, two] = await Promise.all([0, 1].map(() => brine([...words, ...quick], folder)));
    const errors = ({ stdout }: { stdout: string }): number[] =>
      (JSON.parse(stdout) as { points: { rmsePercent: number }[] }).points.map((point) => point.rmsePercent);
    expect([one.code, two.code]).toEqual([0, 0]);
    expect(errors(one)).toEqual(errors(two));
    expect(readdirSync(folder).filter((name) => name.includes("scratch"))).toEqual([]);
  });

  it("passes on what its trainings have to say", async () => {
    const words = "curve water.db --sizes 4 --validation 4 --workers 1".split(" ");
    const { stderr } = await brineHere(
      [...words, ...quick.filter((word) => word !== "--quiet"), "--environments", "O:99"],
      folder,
    );
    expect(stderr).toMatch(/^4 structures: .* % RMSE$/m);
    expect(stderr).toMatch(/^fewer environments than asked for: O \d+ of 99; the training structures have no others$/m);
  });

  it("says when the dataset is too small and when the report has another ending", async () => {
    expect(await run("curve", "water.db", "--sizes", "13", "--validation", "4")).toMatchObject({
      code: 2,
      result: {
        error: { message: "13 training structures and 4 for validation asked for, but the dataset holds 16" },
      },
    });
    expect(await run("curve", "water.db", "--out", "curve.pdf")).toMatchObject({ code: 2 });
  });
});

describe("train --validation", () => {
  it("chooses the regularisation on structures that are not trained on", async () => {
    const words = ["train", "water.db", "--train", "10", "--out", "water.safetensors"];
    const { code, result } = await run(...words, "--validation", "6");
    expect(code).toBe(0);
    expect(result).toMatchObject({ structures: 10, validation: { structures: 6 } });
    expect(await run(...words, "--validation", "7")).toMatchObject({
      code: 2,
      result: { error: { message: expect.stringContaining("only 6 of the dataset are not trained on") } },
    });
  });
});
