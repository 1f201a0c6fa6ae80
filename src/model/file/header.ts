/** The words of a model file, one JSON string in its metadata: everything that is no array. */
import { checkSettings } from "../../descriptor/index.js";
import type { DescriptorSettings } from "../../descriptor/settings.js";
import { BrineError } from "../../errors.js";
import type { ModelContent } from "../prediction/model-content.js";
import { trainSettings } from "../settings.js";

export const FORMAT = "brine model";
/**
 * Raised by any change after which older versions would read a file wrongly. 2: the far field of environments, 3: with
 * dipoles, 4: rows of weights that are zero are left out.
 */
export const VERSION = 4;

export type Header = Pick<
  ModelContent,
  "level" | "settings" | "summary" | "madeBy" | "nuclearCharges" | "trainingKeys"
> & {
  readonly format: string;
  readonly version: number;
  readonly descriptor: DescriptorSettings;
  /** For each λ whether features were selected. */
  readonly selected: readonly boolean[];
  readonly species: readonly number[];
  readonly committee?: { readonly factor: number; readonly members: number };
};

/** Throws `corrupt` for what is no header, `unsupported` for one of a later version. */
export function parseHeader(text: string | undefined, where: { readonly where?: string }): Header {
  let header: Record<string, unknown> | null;
  try {
    header = JSON.parse(text ?? "null") as Record<string, unknown> | null;
  } catch (cause) {
    throw new BrineError("corrupt", "the header of the model is damaged; copy or train it again", { ...where, cause });
  }
  if (header?.format !== FORMAT || typeof header.version !== "number")
    throw new BrineError("corrupt", "this is not a brine model", where);
  if (header.version > VERSION)
    throw new BrineError(
      "unsupported",
      `the model was written by a later version of brine (format ${header.version}, this one reads up to ${VERSION}); update brine`,
      where,
    );
  return upgraded(checked(header, where));
}

/** Throws `corrupt`, naming the first part that is not what it should be. */
function checked(header: Record<string, unknown>, where: { readonly where?: string }): Header {
  const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
  const isList = (value: unknown, of: (item: unknown) => boolean): boolean => Array.isArray(value) && value.every(of);
  const { level, descriptor, committee } = header;
  const shells = isObject(level) && isObject(level.auxiliary) ? level.auxiliary.shells : undefined;
  const parts: Readonly<Record<string, boolean>> = {
    level: isObject(shells) && isList(header.species, (z) => Array.isArray(shells[String(z)])),
    settings: isObject(header.settings),
    summary: isObject(header.summary),
    nuclearCharges: isObject(header.nuclearCharges),
    trainingKeys: isList(header.trainingKeys, (key) => typeof key === "string"),
    descriptor: isObject(descriptor) && isList(descriptor.species, Number.isInteger),
    selected: isList(header.selected, (chosen) => typeof chosen === "boolean"),
    committee:
      committee === undefined ||
      (isObject(committee) && Number.isFinite(committee.factor) && Number.isInteger(committee.members)),
  };
  const wrong = Object.keys(parts).find((name) => !parts[name]);
  if (wrong !== undefined) throw damaged(`its ${wrong}`, where);
  const known = header as unknown as Header;
  try {
    checkSettings(known.descriptor);
    return { ...known, settings: trainSettings(known.settings) };
  } catch (cause) {
    throw damaged("its settings", where, cause);
  }
}

/** Models of format 1 have no far field, those of format 2 one of charges alone. */
function upgraded(header: Header): Header {
  const { version, settings, descriptor } = header;
  if (version >= 3) return header;
  const withoutDipoles = <T extends object>(field: T): T => ({ ...field, polarizability: 0 });
  const farField = version >= 2 && settings.farField ? withoutDipoles(settings.farField) : null;
  return {
    ...header,
    settings: { ...settings, farField },
    descriptor: descriptor.farField ? { ...descriptor, farField: withoutDipoles(descriptor.farField) } : descriptor,
  };
}

/** What is thrown for `part` of a file that is not what it was when it was written. */
export function damaged(part: string, where: { readonly where?: string }, cause?: unknown): BrineError {
  return new BrineError("corrupt", `the model is damaged (${part}); copy or train it again`, { ...where, cause });
}
