/** The options for what an error of the library says would help. */
import type { BrineError, SettingName } from "../errors.js";

/** With the value that would do, where the error knows it: in the unit of the option. */
const OPTIONS: Readonly<Record<SettingName, (value: BrineError["value"]) => string>> = {
  level: () => "--level",
  fit: () => "--fit",
  fitMetric: () => "--metric",
  planewaveCutoff: (hartree) => `--cutoff ${2 * Number(hartree)}`,
  farField: () => "--far-field none",
  keepOrbitals: () => "brine reference --keep-orbitals",
};

/** ` (--level, --fit)`; empty for an error that no option helps. */
export function remedy({ settings, value }: Pick<BrineError, "settings" | "value">): string {
  return settings.length === 0 ? "" : ` (${settings.map((setting) => OPTIONS[setting](value)).join(", ")})`;
}
