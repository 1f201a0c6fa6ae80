/** The parsers of option values, --config, and the line of progress. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, describe, expect, it, vi } from "vitest";
import {
  count,
  indices,
  integer,
  levelNames,
  perSpecies,
  positive,
  positivePerElement,
  share,
  selectIndices,
  withConfig,
} from "../../dist/cli/options.js";
import { addTrainingOptions, settingsFrom, type TrainingOptions } from "../../dist/cli/training-options.js";
import { createProgressLine } from "../../dist/cli/progress.js";
import { listing, table } from "../../dist/cli/table.js";
import { BOHR_IN_ANGSTROM } from "../../dist/units.js";

const folder = mkdtempSync(join(tmpdir(), "brine-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("settings of a training", () => {
  const options = (...words: string[]): TrainingOptions => {
    const command = addTrainingOptions(new Command("train").exitOverride());
    command.action(() => undefined).parse(words, { from: "user" });
    return command.opts<TrainingOptions>();
  };
  const settings = (...words: string[]): ReturnType<typeof settingsFrom> => settingsFrom(options(...words));

  it("have lengths in bohr, and none where that is asked for", () => {
    const { scaling, farField } = settings("--scaling", "radius:2,exponent:3", "--far-field", "width:1,weight:0.4");
    expect(scaling).toEqual({ radius: 2 / BOHR_IN_ANGSTROM, exponent: 3 });
    expect(farField).toEqual({ width: 1 / BOHR_IN_ANGSTROM, weight: 0.4, polarizability: 5 });
    expect(settings("--cutoff", "5", "--sigma", "0.4")).toMatchObject({
      cutoffRadius: 5 / BOHR_IN_ANGSTROM,
      sigma: 0.4 / BOHR_IN_ANGSTROM,
    });
    const spheres = ["--cutoff-of-species", "H:3", "--inner-cutoffs", "2.5,3"];
    expect(settings(...spheres)).toMatchObject({
      cutoffOfSpecies: { 1: 3 / BOHR_IN_ANGSTROM },
      innerCutoffs: [2.5 / BOHR_IN_ANGSTROM, 3 / BOHR_IN_ANGSTROM],
    });
    expect(settings("--far-field", "width:1,weight:0.4,polarizability:0").farField?.polarizability).toBe(0);
    const config = join(folder, "none.json");
    writeFileSync(config, '{ "farField": null, "scaling": null }');
    for (const without of [settings("--far-field", "none", "--scaling", "none"), settings("--config", config)])
      expect([without.farField, without.scaling]).toEqual([null, null]);
  });

  it("take an empty list of inner cutoffs for none", () => {
    const config = join(folder, "empty.json");
    writeFileSync(config, '{ "innerCutoffs": [] }');
    expect(settings("--config", config)).toEqual(settings());
  });

  it("leave the memory to the run", () => {
    expect(options("--memory", "16").memory).toBe(16e9);
    expect(options().memory).toBeUndefined();
    expect(settings("--memory", "16")).toEqual(settings());
  });

  it.each([
    [["--memory", "0"], /--memory: expected a number above 0/],
    [["--far-field", "width:1"], /expected width:0.8,weight:0.1,polarizability:5 or none/],
    [["--far-field", "width:1,weight:1,colour:2"], /expected width:0.8/],
    [["--far-field", "width:0,weight:1"], /farField.width/],
    [["--scaling", "radius:-1,exponent:2"], /--scaling/],
  ])("%j are refused", (words, message) => {
    expect(() => settings(...words)).toThrow(message);
  });
});

describe("values", () => {
  it("are read", () => {
    expect(indices("--i")("0,5,7-9,8")).toEqual([0, 5, 7, 8, 9]);
    expect(levelNames("--l")("PBE/def2-SVP")).toEqual({ functional: "pbe", basis: "def2-SVP" });
    expect(levelNames("--l")("pbe/sets/own.json")).toEqual({ functional: "pbe", basis: "sets/own.json" });
    expect(perSpecies("--e")("300")).toBe(300);
    expect(perSpecies("--e")("H:100,O:200")).toEqual(
      new Map([
        [1, 100],
        [8, 200],
      ]),
    );
    expect([...positivePerElement("--x")("H:3, o:3.5")]).toEqual([
      [1, 3],
      [8, 3.5],
    ]);
    expect([positive("--x")("1e-9"), integer("--x")("-2"), count("--x", 0)("0")]).toEqual([1e-9, -2, 0]);
  });

  it.each([
    [indices("--i"), ["", "1,", "a", "3-1", "-1", "1.5"]],
    [levelNames("--i"), ["pbe", "/x", "pbe/", "p b/x"]],
    [perSpecies("--i"), ["", "0", "H", "H:0", "Hx:3", "H:100,300"]],
    [positivePerElement("--i"), ["", "3", "H", "H:0", "H:", "Hx:3"]],
    [positive("--i"), ["", "x", "0", "-1", "Infinity", "NaN"]],
    [share("--i"), ["", "x", "1", "-0.1", "NaN"]],
    [integer("--i"), ["", "1.5", "one"]],
    [count("--i", 1, 9), ["0", "10", "1e1", "-1"]],
  ])("say which option and value are wrong %#", (parse, wrong) => {
    for (const text of wrong)
      expect(() => parse(text)).toThrow(
        expect.objectContaining({ tag: "usage", message: expect.stringMatching(/^--i: expected .*, (found|and) /) }),
      );
  });

  it("pick structures", () => {
    expect(selectIndices(4, {})).toEqual([0, 1, 2, 3]);
    expect(selectIndices(4, { limit: 2 })).toEqual([0, 1]);
    expect(selectIndices(9, { indices: [1, 5, 8], limit: 2 })).toEqual([1, 5]);
    expect(() => selectIndices(3, { indices: [3] })).toThrow(/no structure 3; the file has 3/);
  });
});

describe("--config", () => {
  function parse(settings: unknown, ...words: string[]): Record<string, unknown> {
    const file = join(folder, "settings.json");
    writeFileSync(file, typeof settings === "string" ? settings : JSON.stringify(settings));
    const command = withConfig(
      new Command("x")
        .option("--cutoff <r>", "", positive("--cutoff"), 4)
        .option("--max-iterations <n>", "", count("--max-iterations"))
        .option("--environments <n>", "", perSpecies("--environments"))
        .option("--train-ids <file>", "")
        .option("--no-response", "")
        .option("--cube", ""),
      { cutoffRadius: "cutoff" },
    );
    let read: Record<string, unknown> = {};
    command.action((options: Record<string, unknown>) => {
      read = options;
    });
    command.parse([...words, "--config", file], { from: "user" });
    return read;
  }

  it("fills in what was not typed", () => {
    const settings = { cutoffRadius: 5, maxIterations: 7, environments: { H: 10 }, cube: true };
    expect(parse(settings)).toMatchObject({
      cutoff: 5,
      maxIterations: 7,
      environments: new Map([[1, 10]]),
      cube: true,
    });
    expect(parse(settings, "--cutoff", "3").cutoff).toBe(3);
    expect(parse({}).cutoff).toBe(4);
    expect(parse({ response: false, trainIds: 5 })).toMatchObject({ response: false, trainIds: "5" });
  });

  it("is checked like the options", () => {
    expect(() => parse({ cutoffRadius: -5 })).toThrow(/--cutoff: expected a number above 0, found "-5"/);
    expect(() => parse({ girth: 1 })).toThrow(/setting "girth", which brine x does not know/);
    expect(() => parse({ maxIterations: true })).toThrow(
      /--config: the setting "maxIterations" of .* takes what --max-iterations takes, not true/,
    );
    expect(() => parse({ trainIds: false })).toThrow(/"trainIds" of .* not false/);
    for (const key of ["cube", "response"])
      expect(() => parse({ [key]: "no" })).toThrow(
        new RegExp(`--config: the setting "${key}" of .* takes true or false, not "no"`),
      );
    expect(() => parse({ cutoff: 3, cutoffRadius: 4 }, "--cutoff", "3")).toThrow(
      /"cutoff" and "cutoffRadius", which are the same option/,
    );
    expect(() => parse("[1]")).toThrow(/not a JSON object/);
    expect(() => parse("{")).toThrow(/--config: cannot read/);
  });
});

describe("progress", () => {
  function stream(isTTY: boolean): { lines: string[]; stream: NodeJS.WriteStream } {
    const lines: string[] = [];
    return {
      lines,
      stream: { isTTY, columns: 80, write: (text: string) => lines.push(text) } as unknown as NodeJS.WriteStream,
    };
  }

  it("is a bar with rate and time left on a terminal, plain lines otherwise, nothing when quiet", () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const terminal = stream(true);
    const file = stream(false);
    const quiet = stream(true);
    const all = [
      createProgressLine(terminal.stream, false),
      createProgressLine(file.stream, false),
      createProgressLine(quiet.stream, true),
    ];
    for (let done = 0; done <= 40; done++) {
      for (const line of all) line.show({ stage: "SCF", done, total: 50, note: "ΔE 1e-3" });
      vi.advanceTimersByTime(250);
    }
    for (const line of all) line.clear();
    vi.useRealTimers();
    expect(terminal.lines.at(-2)).toBe("\r\u001b[KSCF  [===================     ]  40/50  4.0/s  3 s left  ΔE 1e-3");
    expect(terminal.lines.at(-1)).toBe("\r\u001b[K");
    expect(file.lines).toEqual(
      ["12", "24", "36"].map((done) =>
        expect.stringMatching(new RegExp(`^SCF  ${done}/50  4\\.0/s  .* left  ΔE 1e-3\\n$`)),
      ),
    );
    expect(quiet.lines).toEqual([]);
  });
});

it("tables align numbers to the right", () => {
  expect(
    table(
      ["name", "n"],
      [
        ["a", 5],
        ["long", 12],
      ],
    ),
  ).toBe("name   n\na      5\nlong  12");
  expect(
    listing([
      ["a", 1],
      ["bcd", "x"],
    ]),
  ).toBe("a    1\nbcd  x");
});
