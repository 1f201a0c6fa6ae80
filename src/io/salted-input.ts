/**
 * The names that SALTED's `inp.yaml` gives to structures, basis sets and functional. SALTED:
 * https://github.com/andreagrisafi/SALTED. Of YAML only what such files use is read: indented sections of
 * `key: value` lines, and comments.
 */
import { BrineError } from "../errors.js";

/** What brine takes from the `inp.yaml` of SALTED. */
export interface SaltedInput {
  /** `system.filename`: the structures. */
  readonly structures?: string;
  /** `qm.functional`. */
  readonly functional?: string;
  /** `qm.qmbasis`: the orbital basis. */
  readonly orbitals?: string;
  /** `qm.dfbasis`: the auxiliary basis. */
  readonly auxiliary?: string;
}

/** Throws `unsupported` for coefficients that are not in the layout of SALTED's PySCF interface, `corrupt` for a line that is no setting. */
export function readSaltedInput(text: string, source = "inp.yaml"): SaltedInput {
  const values = sectionValues(text, source);
  const code = values.get("qm.qmcode")?.toLowerCase();
  if (code !== undefined && code !== "pyscf")
    throw new BrineError(
      "unsupported",
      `coefficients made with ${code} (qm.qmcode); only those of SALTED's PySCF interface are read`,
      { where: source },
    );
  const value = (key: string): string | undefined => values.get(key);
  return present({
    structures: value("system.filename"),
    functional: value("qm.functional"),
    orbitals: value("qm.qmbasis"),
    auxiliary: value("qm.dfbasis"),
  });
}

/** `section.key` → value, for all sections. */
function sectionValues(text: string, source: string): Map<string, string> {
  const result = new Map<string, string>();
  const open: { indent: number; name: string }[] = [];
  text.split(/\r?\n/).forEach((raw, number) => {
    const line = raw.replace(/(^|\s)#.*$/, "").trimEnd();
    if (line.trim() === "" || line === "---") return;
    const indent = line.length - line.trimStart().length;
    while (open.length > 0 && open[open.length - 1].indent >= indent) open.pop();
    const match = /^\s*([\w-]+)\s*:(?:\s+(.*))?$/.exec(line);
    // Items of a list and continued values hold nothing that is looked for.
    if (!match && (open.length > 0 || result.size > 0)) return;
    if (!match)
      throw new BrineError("corrupt", `expected a setting "name: value", found "${line.trim()}"`, {
        where: `${source}:${number + 1}`,
      });
    open.push({ indent, name: match[1] });
    if (match[2]) result.set(open.map(({ name }) => name).join("."), match[2].replace(/^(["'])(.*)\1$/, "$2"));
  });
  return result;
}

function present(values: Record<keyof SaltedInput, string | undefined>): SaltedInput {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
