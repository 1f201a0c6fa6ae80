/** A Chromium for tests: the one that npm brings (Linux, x64), else the one that CHROMIUM names. */
import chromium from "@sparticuz/chromium";
import { chromium as launcher, type Browser } from "playwright-core";

export const hasChromium =
  process.env.CHROMIUM !== undefined || (process.platform === "linux" && process.arch === "x64");

/** WebGL is drawn by the processor. */
const ARGUMENTS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"];

export async function startChromium(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? (await chromium.executablePath());
  return launcher.launch({ executablePath, args: [...ARGUMENTS, "--ignore-gpu-blocklist"] });
}
