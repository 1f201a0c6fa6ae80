/** In a browser: the page of examples/browser gives what node gives, and a report draws its molecule. */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, it } from "vitest";
import { createBuiltinEngine, loadModel, readExtxyz } from "../../dist/index.js";
import { modelPath } from "../../dist/node/library.js";
import { packagePath } from "../../dist/node/package-files.js";
import { renderReport } from "../../dist/report/report.js";
import { hasChromium, startChromium } from "../chromium.js";
import { sampleReport } from "./report-sample.js";

const examples = resolve(import.meta.dirname, "../../examples/browser");
const servers: Server[] = [];
afterAll(() => servers.forEach((server) => server.close()));

/** The address of a folder of files, given as path → bytes. */
async function serve(files: ReadonlyMap<string, Uint8Array>): Promise<string> {
  const types: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript" };
  const server = createServer(({ url }, response) => {
    const path = url === "/" ? "/index.html" : (url ?? "");
    const type = types[path.split(".").at(-1) ?? ""] ?? "application/octet-stream";
    response.writeHead(files.has(path) ? 200 : 404, { "content-type": type }).end(files.get(path));
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function site(): Promise<Map<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: [join(examples, "page.mjs"), join(examples, "worker.mjs")],
    bundle: true,
    minify: true,
    format: "esm",
    outdir: "/",
    write: false,
  });
  return new Map([
    ...outputFiles.map(({ path, contents }): [string, Uint8Array] => [path, contents]),
    ["/index.html", readFileSync(join(examples, "index.html"))],
    ["/model.safetensors", readFileSync(modelPath("qm9"))],
  ]);
}

/** Opens the page and waits until its root element has the attribute; throws the first error in it. */
async function opened<Result>(address: string, ready: string, look: (page: Page) => Promise<Result>): Promise<Result> {
  const browser = await startChromium();
  try {
    const page = await browser.newPage();
    const errors: Error[] = [];
    page.on("pageerror", (error) => errors.push(error));
    await page.goto(address);
    await page.waitForSelector(`html[${ready}]`, { timeout: 100_000 });
    expect(errors).toEqual([]);
    return await look(page);
  } finally {
    await browser.close();
  }
}

describe.skipIf(!hasChromium)("a browser", () => {
  it("predicts in a worker what node predicts", async () => {
    const cells = await opened(await serve(await site()), "data-state", (page) => page.locator("td").allTextContents());
    const [name, energy, , percent] = cells;
    const model = loadModel(readFileSync(modelPath("qm9")));
    const [water] = readExtxyz("3\n\nO 0 0 0\nH 0 0.757 0.587\nH 0 -0.757 0.587\n");
    const { density, uncertainty } = await model.predict(water);
    const here = await createBuiltinEngine(model.level).oneShot(density);
    expect(name).toBe("H2O");
    expect(energy).toBe(here.energy.toFixed(6));
    expect(percent).toBe(uncertainty?.percent.toFixed(1));
  });

  it("draws the molecule of a report with the bundled viewer", async () => {
    const viewer = readFileSync(packagePath("dist/report/3Dmol-min.js"), "utf8");
    const page = Buffer.from(renderReport(sampleReport(), { viewer }));
    const canvases = await opened(await serve(new Map([["/index.html", page]])), "data-viewer", (shown) =>
      shown.locator("#stage canvas").count(),
    );
    expect(canvases).toBeGreaterThan(0);
  });
});
