/**
 * Extended XYZ: an atom count, a comment line of key=value pairs, one line an atom; ångström in the file.
 *
 * Source: https://github.com/libAtoms/extxyz (the format's specification). Plain xyz is the case without
 * keys. `Properties` names the columns, `Lattice` holds three vectors as rows, `pbc` the directions that
 * repeat, `charge` the total charge, `spin` the number of unpaired electrons. All other keys go into
 * `info`; columns other than the element and the position are not read.
 */
import { BrineError } from "../errors.js";
import { atomicNumber, elementSymbol } from "../structure/elements.js";
import type { Cell, Info, Structure } from "../structure/structure.js";
import { BOHR_IN_ANGSTROM } from "../units.js";
import { type Comment, readComment, writeComment } from "./extxyz-comment.js";

interface Columns {
  readonly species: number;
  /** First of the three coordinates. */
  readonly position: number;
  /** How many columns a line must have. */
  readonly count: number;
}

/** Reads every frame. Throws `input` with `source:line` for what is not extended XYZ, and for an empty file. */
export function readExtxyz(text: string, source = "structures"): Structure[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  while (lines.length > 0 && lines[lines.length - 1].trim() === "") lines.pop();
  const structures: Structure[] = [];
  for (let line = 0; line < lines.length;) {
    if (lines[line].trim() === "") {
      line++;
      continue;
    }
    const atoms = readCount(lines[line], at(source, line));
    if (line + 2 + atoms > lines.length)
      throw new BrineError(
        "input",
        `${atoms} atoms announced, but the file ends after ${Math.max(0, lines.length - line - 2)}; the file is cut off or the count is wrong`,
        { where: at(source, line) },
      );
    structures.push(readFrame(lines, line, atoms, source));
    line += 2 + atoms;
  }
  if (structures.length === 0)
    throw new BrineError("input", "the file has no structures; an xyz file starts with the number of atoms", {
      where: source,
    });
  return structures;
}

/** Writes the structures as consecutive frames; numbers keep all their digits. */
export function writeExtxyz(structures: readonly Structure[]): string {
  return structures.map(writeFrame).join("");
}

/** Where line `line` (from 0) is, for people. */
function at(source: string, line: number): string {
  return `${source}:${line + 1}`;
}

function readCount(text: string, where: string): number {
  if (!/^\s*\d+\s*$/.test(text))
    throw new BrineError("input", `expected the number of atoms of the next structure, found "${shorten(text)}"`, {
      where,
    });
  return Number(text);
}

function readFrame(lines: readonly string[], first: number, atoms: number, source: string): Structure {
  const where = at(source, first + 1);
  const comment = readComment(lines[first + 1], where);
  const columns = readColumns(comment.reserved.properties, where);
  const species = new Uint8Array(atoms);
  const positions = new Float64Array(3 * atoms);
  for (let atom = 0; atom < atoms; atom++) {
    const line = first + 2 + atom;
    const words = lines[line].trim().split(/\s+/);
    if (words.length < columns.count)
      throw new BrineError(
        "input",
        `expected ${columns.count} columns for atom ${atom}, found "${shorten(lines[line])}"`,
        { where: at(source, line) },
      );
    species[atom] = readSpecies(words[columns.species], at(source, line));
    for (let axis = 0; axis < 3; axis++)
      positions[3 * atom + axis] =
        readNumber(words[columns.position + axis], `the ${"xyz"[axis]} coordinate of atom ${atom}`, at(source, line)) /
        BOHR_IN_ANGSTROM;
  }
  const cell = readCell(comment, where);
  const charge = readInteger(comment.reserved.charge, "charge", where);
  const unpaired = readInteger(comment.reserved.spin, "spin", where);
  if (unpaired < 0)
    throw new BrineError("input", `spin is the number of unpaired electrons; it cannot be ${unpaired}`, { where });
  return { species, positions, ...(cell && { cell }), charge, unpaired, info: comment.info };
}

function readSpecies(word: string, where: string): number {
  try {
    return atomicNumber(word);
  } catch {
    throw new BrineError(
      "input",
      `unknown element "${shorten(word)}"; expected a symbol such as O or an atomic number`,
      { where },
    );
  }
}

/** `species:S:1:pos:R:3:forces:R:3`: name, kind and number of columns, over and over. */
function readColumns(properties: string | undefined, where: string): Columns {
  if (properties === undefined) return { species: 0, position: 1, count: 4 };
  const words = properties.split(":");
  const found = new Map<string, { first: number; width: number }>();
  let count = 0;
  for (let i = 0; i < words.length; i += 3) {
    const width = Number(words[i + 2]);
    if (!Number.isInteger(width) || width < 1)
      throw new BrineError("input", `Properties=${shorten(properties)} is not a list of name:kind:columns`, { where });
    found.set(words[i].toLowerCase(), { first: count, width });
    count += width;
  }
  const species = found.get("species") ?? found.get("z");
  const position = found.get("pos") ?? found.get("positions");
  if (!species || position?.width !== 3)
    throw new BrineError(
      "input",
      `Properties must name the columns species:S:1 and pos:R:3, found ${shorten(properties)}`,
      { where },
    );
  return { species: species.first, position: position.first, count };
}

/** A lattice none of whose directions repeats is the box of an isolated molecule: no cell. */
function readCell({ reserved: { lattice, pbc } }: Comment, where: string): Cell | undefined {
  const periodic = pbc === undefined ? (lattice === undefined ? [] : [true, true, true]) : readFlags(pbc, where);
  if (!periodic.includes(true)) return undefined;
  if (lattice === undefined)
    throw new BrineError(
      "input",
      'pbc says that the structure repeats, but there is no Lattice; add the cell or set pbc="F F F"',
      { where },
    );
  const numbers = lattice.trim().split(/[\s,]+/);
  if (numbers.length !== 9)
    throw new BrineError("input", `Lattice needs nine numbers, found ${numbers.length}`, { where });
  const vectors = Float64Array.from(
    numbers,
    (word) => readNumber(word, "a number of Lattice", where) / BOHR_IN_ANGSTROM,
  );
  return { vectors, periodic: [periodic[0], periodic[1], periodic[2]] };
}

function readFlags(pbc: string, where: string): boolean[] {
  const flags = pbc
    .trim()
    .split(/[\s,]+/)
    .map((word) => (/^(t|true|1)$/i.test(word) ? true : /^(f|false|0)$/i.test(word) ? false : undefined));
  const known = flags.filter((flag) => flag !== undefined);
  if (flags.length !== 3 || known.length !== 3)
    throw new BrineError("input", `pbc needs three of T and F, found "${shorten(pbc)}"`, { where });
  return known;
}

/** Decimal numbers only; exponents may be written e, d (Fortran) or *^ (as in the QM9 files). */
function readNumber(word: string, what: string, where: string): number {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)((e|d|\*\^)[+-]?\d+)?$/i.test(word))
    throw new BrineError("input", `${what} is not a number: "${shorten(word)}"`, { where });
  return Number(word.replace(/d|\*\^/i, "e"));
}

function readInteger(word: string | undefined, name: string, where: string): number {
  if (word === undefined) return 0;
  const value = readNumber(word.trim(), name, where);
  if (!Number.isInteger(value))
    throw new BrineError("input", `${name} must be a whole number, found "${shorten(word)}"`, { where });
  return value;
}

function writeFrame({ species, positions, cell, charge, unpaired, info }: Structure): string {
  const angstrom = (bohr: Float64Array): string => Array.from(bohr, (x) => x * BOHR_IN_ANGSTROM).join(" ");
  const flags = (cell?.periodic ?? [false, false, false]).map((flag) => (flag ? "T" : "F")).join(" ");
  const reserved: Info = {
    ...(cell && { Lattice: angstrom(cell.vectors) }),
    Properties: "species:S:1:pos:R:3",
    pbc: flags,
    ...(charge !== 0 && { charge }),
    ...(unpaired !== 0 && { spin: unpaired }),
  };
  const rows = Array.from(
    species,
    (z, atom) => `${elementSymbol(z)} ${angstrom(positions.subarray(3 * atom, 3 * atom + 3))}\n`,
  );
  return `${species.length}\n${writeComment({ ...reserved, ...info })}\n${rows.join("")}`;
}

function shorten(text: string): string {
  const trimmed = text.trim();
  return trimmed.length > 40 ? `${trimmed.slice(0, 37)}...` : trimmed;
}
