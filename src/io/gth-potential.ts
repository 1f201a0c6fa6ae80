/**
 * Goedecker–Teter–Hutter pseudopotentials in the format of CP2K:
 *
 *   electrons in s, p, d, … shells (their sum is the valence charge q)
 *   r_loc  number of C_k  C_1 …
 *   number of angular momenta with projectors (l = 0, 1, …), and for each
 *     r_l  number of projectors  upper triangle of h_ij
 */
import { potentialOf, type GthPotential, type GthProjectors, type Pseudopotentials } from "../basis/pseudopotential.js";
import { BrineError } from "../errors.js";
import { elementSymbol } from "../structure/elements.js";
import { cp2kCount, cp2kEntries, cp2kNumber, fortranNumber, selectEntries, type Cp2kEntry } from "./cp2k-entries.js";

/** Terms of the local part, as in the papers. */
const MOST_LOCAL = 4;

/**
 * Reads the potentials called `name`. Throws `corrupt` for text that is not such a file, `input` when it has several
 * potentials of an element but none of this name, and `unsupported` for core corrections and spin-orbit parts.
 */
export function readGthPotentials(text: string, name: string): Pseudopotentials {
  const where = `pseudopotentials ${name}`;
  const elements: Record<number, GthPotential> = {};
  for (const entry of selectEntries(cp2kEntries(text, where), name, where))
    elements[entry.z] = potential(entry, `${where}, ${elementSymbol(entry.z)}`);
  return { name, elements };
}

function potential({ rows }: Cp2kEntry, where: string): GthPotential {
  const [electrons, local, ...rest] = rows;
  const keyword = rows.flat().find((word) => /^[A-Za-z]/.test(word));
  if (keyword !== undefined)
    throw new BrineError("unsupported", `potentials with ${keyword} are not treated`, { where });
  const charge = (electrons ?? []).reduce((sum, word) => sum + cp2kCount(word, where), 0);
  const [radius, count, ...constants] = (local ?? []).map((word) => cp2kNumber(word, where));
  if (!(charge > 0 && radius > 0) || constants.length !== count || count > MOST_LOCAL)
    throw new BrineError("corrupt", "the local part is not complete", { where });
  return { charge, radius, local: constants, projectors: projectors(rest.flat(), where) };
}

function projectors(words: readonly string[], where: string): GthProjectors[] {
  let at = 0;
  const momenta = words.length === 0 ? 0 : cp2kCount(words[at++], where);
  const result: GthProjectors[] = [];
  for (let l = 0; l < momenta; l++) {
    const radius = cp2kNumber(words[at++], where);
    const count = cp2kCount(words[at++], where);
    const h = Array.from({ length: count }, () => Array<number>(count).fill(0));
    for (let i = 0; i < count; i++) for (let j = i; j < count; j++) h[i][j] = h[j][i] = cp2kNumber(words[at++], where);
    if (count > 0 && !(radius > 0)) throw new BrineError("corrupt", "a projector has no radius", { where });
    if (count > 0) result.push({ l, radius, h });
  }
  if (at !== words.length) throw new BrineError("corrupt", "there is more than the projectors of the entry", { where });
  return result;
}

/**
 * The potentials of some elements under the name `entry`; `valence` gives the electrons in s, p, d, … shells of an
 * element with that charge. Throws `unsupported` for an element without a potential.
 */
export function writeGthPotentials(
  pseudopotentials: Pseudopotentials,
  species: readonly number[],
  entry: string,
  valence: (z: number, charge: number) => readonly number[],
): string {
  const lines = species.flatMap((z) => {
    const { charge, radius, local, projectors: channels } = potentialOf(pseudopotentials, z);
    const momenta = (channels.at(-1)?.l ?? -1) + 1;
    return [
      `${elementSymbol(z)} ${entry}`,
      valence(z, charge).join(" "),
      [fortranNumber(radius), local.length, ...local.map(fortranNumber)].join(" "),
      `${momenta}`,
      ...Array.from({ length: momenta }, (_, l) => channelLines(channels.find((channel) => channel.l === l))).flat(),
    ];
  });
  return `${lines.join("\n")}\n`;
}

/** A line for each row of h; a channel without projectors needs a radius all the same. */
function channelLines(channel: GthProjectors | undefined): string[] {
  if (!channel) return [`${fortranNumber(1)} 0`];
  const rows = channel.h.map((row, i) => row.slice(i).map(fortranNumber).join(" "));
  const [first, ...others] = rows;
  return [[fortranNumber(channel.radius), rows.length, first].join(" "), ...others];
}
