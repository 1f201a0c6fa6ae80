/** Settings as they come from a caller, checked: each kind of value says what it expected and what it got. */
import { BrineError } from "../errors.js";

/** One kind of value. */
export interface Kind<T> {
  /** In words. */
  readonly expected: string;
  /** The value as it is used. Throws `usage` in the setting `name`. */
  readonly read: (value: unknown, name: string) => T;
}

/** The kind of each field of an object, and its value where it is absent; without one it has to be there. */
export type Fields<T> = { readonly [Key in keyof T]-?: { readonly kind: Kind<T[Key]>; readonly otherwise?: T[Key] } };

function refused(expected: string, value: unknown, name: string): BrineError {
  const got = typeof value === "number" ? String(value) : JSON.stringify(value);
  return new BrineError("usage", `expected ${expected}, not ${got}`, { where: `training setting ${name}` });
}

function numberThat(expected: string, holds: (value: number) => boolean): Kind<number> {
  return {
    expected,
    read(value, name) {
      if (typeof value === "number" && Number.isFinite(value) && holds(value)) return value;
      throw refused(expected, value, name);
    },
  };
}

export const positive = numberThat("a positive number", (x) => x > 0);
export const notNegative = numberThat("a number that is not negative", (x) => x >= 0);
export const fraction = numberThat("a number between 0 and 1", (x) => x > 0 && x < 1);
export const count = numberThat("a whole number from 1 on", (x) => Number.isSafeInteger(x) && x >= 1);
export const natural = numberThat("a whole number from 0 on", (x) => Number.isSafeInteger(x) && x >= 0);

export function oneOf<Name extends string>(names: readonly Name[]): Kind<Name> {
  const expected = `one of ${names.join(", ")}`;
  return {
    expected,
    read(value, name) {
      const found = names.find((known) => known === value);
      if (found === undefined) throw refused(expected, value, name);
      return found;
    },
  };
}

/** This word, or one of `kinds`: the first for what is an object, the last for what is not. */
export function or<Word extends string | null, T>(word: Word, ...kinds: readonly Kind<T>[]): Kind<Word | T> {
  const expected = [word, ...kinds.map((kind) => kind.expected)].join(" or ");
  return {
    expected,
    read(value, name) {
      if (value === word) return word;
      if (isObject(value)) return kinds[0].read(value, name);
      try {
        return kinds[kinds.length - 1].read(value, name);
      } catch {
        throw refused(expected, value, name);
      }
    },
  };
}

export function listOf<T>(kind: Kind<T>): Kind<readonly T[]> {
  return {
    expected: "a list",
    read(value, name) {
      if (!Array.isArray(value)) throw refused("a list", value, name);
      return value.map((item, k) => kind.read(item, `${name}.${k}`));
    },
  };
}

/** Keys are atomic numbers as they are written: "08" would be the key of no atom. */
export function bySpecies<T>(kind: Kind<T>): Kind<Readonly<Record<string, T>>> {
  const expected = "values by atomic number";
  return {
    expected,
    read(value, name) {
      if (!isObject(value)) throw refused(expected, value, name);
      for (const key of Object.keys(value))
        if (!/^[1-9]\d*$/.test(key)) throw refused("an atomic number as key", key, name);
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, kind.read(item, `${name}.${key}`)]));
    },
  };
}

/** With these fields and no others; an undefined one is absent. */
export function objectOf<T extends object>(fields: Fields<T>): Kind<T> {
  const names = Object.keys(fields) as (keyof T & string)[];
  const expected = `an object of ${names.join(", ")}`;
  return {
    expected,
    read(value, name) {
      if (!isObject(value)) throw refused(expected, value, name || "object");
      const path = (key: string): string => (name === "" ? key : `${name}.${key}`);
      for (const key of Object.keys(value))
        if (!(key in fields))
          throw new BrineError("usage", `there is no such setting; known are ${names.join(", ")}`, {
            where: `training setting ${path(key)}`,
          });
      const entries = names.map((key): [string, unknown] => {
        const { kind, otherwise } = fields[key];
        const given = value[key];
        return [key, given === undefined && otherwise !== undefined ? otherwise : kind.read(given, path(key))];
      });
      return Object.fromEntries(entries) as T;
    },
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
