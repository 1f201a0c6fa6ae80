// Puts what only a report needs into dist/report, so that nobody has to install it: the part of echarts that draws the
// figures (62 MB installed, half of one here), the viewer 3Dmol.js, and the licences of both.
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = new URL("../", import.meta.url);
const report = new URL("dist/report/", root);

const charts = fileURLToPath(new URL("chart-library.js", report));
const { metafile, outputFiles } = await build({
  entryPoints: [charts],
  outfile: charts,
  bundle: true,
  format: "esm",
  minify: true,
  legalComments: "none",
  metafile: true,
  write: false,
  logLevel: "warning",
});
const packages = new Set(
  Object.keys(metafile.inputs).flatMap((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
);
// None when the file is the bundle of an earlier build already.
if (packages.size > 0) {
  writeFileSync(new URL("chart-library-LICENSES.txt", report), [...packages].map(licencesOf).join("\n\n"));
  writeFileSync(charts, outputFiles[0].contents);
}

const viewer = new URL("node_modules/3dmol/", root);
copyFileSync(new URL("build/3Dmol-min.js", viewer), new URL("3Dmol-min.js", report));
copyFileSync(new URL("LICENSE", viewer), new URL("3Dmol-LICENSE.txt", report));

/** Name, version and licence texts of the package in a folder. */
function licencesOf(path) {
  const folder = fileURLToPath(new URL(path, root));
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const texts = readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|notice|copyrightnotice)/i.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
  if (texts.length === 0) throw new Error(`${name} comes without a licence text`);
  return [`${name} ${version} (${license})`, ...texts].join("\n\n");
}
