// Compiles kernels/*.ts (AssemblyScript) and writes the bytes as a module of the core, so that the
// WebAssembly backend needs neither a path nor a fetch.
import { writeFileSync } from "node:fs";
import asc from "assemblyscript/asc";

const target = new URL("../src/math/kernel-bytes.ts", import.meta.url);
const { error, stdout, stderr, binary } = await (async () => {
  let binary;
  const result = await asc.main(
    [
      "kernels/index.ts",
      "--outFile",
      "kernels.wasm",
      "-O3",
      "--noAssert",
      "--runtime",
      "stub",
      "--importMemory",
      "--enable",
      "simd,bulk-memory",
    ],
    {
      writeFile: (name, contents) => {
        if (name.endsWith(".wasm")) binary = contents;
      },
    },
  );
  return { ...result, binary };
})();
if (error || !binary) {
  console.error(stdout?.toString() ?? "", stderr?.toString() ?? "", error?.message ?? "no output");
  process.exit(1);
}
writeFileSync(
  target,
  `// Generated from kernels/ by scripts/build-kernels.mjs. Do not edit.\nexport const kernelBytes: string =\n  "${Buffer.from(binary).toString("base64")}";\n`,
);
