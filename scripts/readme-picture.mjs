/**
 * Makes the picture of the README from a report: node scripts/readme-picture.mjs report.html [docs/images/demo-report.png]
 *
 * Needs playwright-core and a Chromium, which are not dependencies of brine: `npm install --no-save playwright-core`, and
 * either `@sparticuz/chromium` beside it or `chromium` on the PATH (or its path in CHROMIUM).
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [report, target = "docs/images/demo-report.png"] = process.argv.slice(2);
if (!report) {
  console.error("usage: node scripts/readme-picture.mjs report.html [picture.png]");
  process.exit(2);
}

const { chromium } = await optional("playwright-core");
const browser = await chromium.launch({
  executablePath: await browserPath(),
  args: [
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
  ],
});
try {
  const page = await browser.newPage({
    viewport: { width: 1200, height: 800 },
    deviceScaleFactor: 1.5,
    colorScheme: "light",
  });
  await page.goto(pathToFileURL(resolve(report)).href);
  await page.waitForFunction(() => document.documentElement.dataset.viewer === "ready", undefined, { timeout: 60_000 });
  await page.evaluate(arrange);
  await page.waitForTimeout(1000);
  mkdirSync(dirname(target), { recursive: true });
  await page.locator("#picture").screenshot({ path: target });
  console.log(`${target}: ${Math.round(statSync(target).size / 1000)} kB`);
} finally {
  await browser.close();
}

/** Runs in the page: the molecule beside the energies, and nothing else. */
function arrange() {
  const picture = document.createElement("div");
  picture.id = "picture";
  picture.style.cssText =
    "display:grid;grid-template-columns:1fr 1.15fr;gap:36px;align-items:center;width:1100px;padding:28px;background:var(--paper)";
  const molecule = document.getElementById("stage");
  molecule.style.height = "380px";
  const energies = document.querySelector("figure [role=img] svg").closest("figure");
  energies.querySelector("h3").remove();
  energies.querySelector("figcaption").remove();
  document.body.replaceChildren(picture);
  picture.append(molecule, energies);
  dispatchEvent(new Event("resize"));
}

async function browserPath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const bundled = await optional("@sparticuz/chromium", true);
  if (bundled) return bundled.default.executablePath();
  return execFileSync("sh", ["-c", "command -v chromium || command -v chromium-browser || command -v google-chrome"], {
    encoding: "utf8",
  }).trim();
}

async function optional(name, mayLack = false) {
  try {
    return await import(name);
  } catch {
    if (mayLack) return undefined;
    console.error(`${name} is not installed: npm install --no-save ${name}`);
    return process.exit(1);
  }
}
