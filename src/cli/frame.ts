/**
 * What all commands share: Ctrl-C, progress on stderr, results on stdout, errors and exit codes.
 *
 * Exit codes: 0; 1 when the work or any structure in it failed; 2 for wrong use; 130 after Ctrl-C.
 */
import { type Command, CommanderError, type Option } from "commander";
import { BrineError } from "../errors.js";
import type { RunOptions } from "../run.js";
import { errorDocument, errorText, exitCodeOf } from "./error-text.js";
import { plainJson } from "../canonical-json.js";
import { jsonChunks } from "./json.js";
import { createProgressLine } from "./progress.js";
import { columnsOf } from "./terminal.js";

/** What a command's action gets. */
export interface ActionContext<Options> {
  readonly options: Options;
  /** Stops at Ctrl-C and shows progress; hand it on to everything that takes `RunOptions`. */
  readonly runOptions: RunOptions;
  /** The result, once: `json` with `--json`, else `human` (made only when it is needed). */
  print(json: unknown, human: () => string): void;
  /** A remark on stderr, unless `--quiet`. */
  note(text: string): void;
  /** The work is done but something in it failed: exit code 1. The reasons go to stderr, also with `--quiet`. */
  failed(reasons?: readonly string[]): void;
  /** Closes `resource` when the action ends, however it ends. */
  use<Resource extends { close(): unknown }>(resource: Resource): Resource;
}

/** The work of a command: gets its options and the words after its name. */
export type Action<Options extends object> = (
  context: ActionContext<Options>,
  ...operands: string[]
) => void | Promise<void>;

export interface Frame {
  /** Wraps the work of a command for commander's `.action()`. `kept` says at Ctrl-C what is kept, where anything is. */
  action<Options extends object = object>(work: Action<Options>, kept?: string): (...input: unknown[]) => Promise<void>;
  /** Parses `argv`, runs the command, reports errors and sets the exit code of the process. */
  run(argv: readonly string[]): Promise<void>;
}

interface GlobalOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

/** Whether the result is out: there is one JSON document, also when closing a file fails after it. */
interface Output {
  printed: boolean;
}

/** To be made before the commands are registered: they inherit how the program reports errors and shows help. */
export function createFrame(program: Command): Frame {
  program
    .exitOverride()
    .configureOutput({
      outputError() {},
      getOutHelpWidth: () => columnsOf(process.stdout),
      getErrHelpWidth: () => columnsOf(process.stderr),
    })
    .configureHelp({
      showGlobalOptions: true,
      minWidthToWrap: 20,
      subcommandTerm: (command) => command.name(),
      optionDescription,
    });
  const output: Output = { printed: false };
  return {
    action:
      <Options extends object>(work: Action<Options>, kept?: string) =>
      async (...input: unknown[]) => {
        // commander passes the operands, the options and the command.
        await runAction(input.at(-1) as Command, output, work, input.slice(0, -2) as string[], kept);
      },
    async run(argv) {
      silenceBrokenPipe();
      const fail = (error: unknown): void => report(error, program, argv.slice(2), output);
      process.on("uncaughtException", (error) => {
        fail(error);
        process.exit();
      });
      await program.parseAsync(argv).catch(fail);
    },
  };
}

async function runAction<Options extends object>(
  command: Command,
  output: Output,
  work: Action<Options>,
  operands: readonly string[],
  kept: string | undefined,
): Promise<void> {
  const { json = false, quiet = false } = command.optsWithGlobals<GlobalOptions>();
  const progress = createProgressLine(process.stderr, quiet);
  const interrupt = interruptible(() =>
    progress.note(`stopping${kept ? `; ${kept}` : ""} (once more to quit at once)`),
  );
  const resources: { close(): unknown }[] = [];
  const context: ActionContext<Options> = {
    options: command.optsWithGlobals(),
    runOptions: { signal: interrupt.signal, onProgress: (step) => progress.show(step) },
    print(document, human) {
      progress.clear();
      output.printed = true;
      if (!json) process.stdout.write(ensureNewline(human()));
      else for (const chunk of jsonChunks(document)) process.stdout.write(chunk);
      if (json) process.stdout.write("\n");
    },
    note: (text) => void (quiet || progress.note(text)),
    failed(reasons = []) {
      process.exitCode = 1;
      reasons.forEach(progress.note);
    },
    use(resource) {
      resources.push(resource);
      return resource;
    },
  };
  try {
    await prepareMachine();
    await work(context, ...operands);
    if (interrupt.signal.aborted) process.exitCode = interrupt.exitCode();
  } catch (error) {
    throw error instanceof BrineError && error.tag === "aborted" ? new Interrupted(error, interrupt.exitCode()) : error;
  } finally {
    progress.clear();
    for (const resource of resources.toReversed()) await resource.close();
    interrupt.release();
  }
}

/** Linear algebra, memory and functionals of this machine; loaded with the first work, for help does without. */
async function prepareMachine(): Promise<void> {
  const { useNodeMachine } = await import("../node/machine.js");
  await useNodeMachine();
}

/** `molecules to learn from (24)`: the default as it would be typed, as descriptions have it that name one themselves. */
export function optionDescription({ description, defaultValue, defaultValueDescription }: Option): string {
  const value: unknown = defaultValueDescription ?? defaultValue;
  return typeof value === "string" || typeof value === "number" ? `${description} (${value})` : description;
}

/** An `aborted` error with the exit code of the signal that caused it. */
class Interrupted extends BrineError {
  readonly exitCode: number;
  constructor(error: BrineError, exitCode: number) {
    super(error.tag, error.message, { cause: error });
    this.exitCode = exitCode;
  }
}

/** The first Ctrl-C (or SIGTERM) asks the work to stop; the second one ends the process at once. */
function interruptible(onStop: () => void): { signal: AbortSignal; exitCode(): number; release(): void } {
  const controller = new AbortController();
  let exitCode = 130;
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      release();
      process.kill(process.pid, signal);
      return;
    }
    exitCode = signal === "SIGTERM" ? 143 : 130;
    onStop();
    controller.abort(signal);
  };
  const release = (): void => {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return { signal: controller.signal, exitCode: () => exitCode, release };
}

function report(error: unknown, program: Command, words: readonly string[], output: Output): void {
  // Help and version also leave commander as an exception.
  if (error instanceof CommanderError && error.exitCode === 0) return;
  process.exitCode = error instanceof Interrupted ? error.exitCode : exitCodeOf(error);
  if (error instanceof CommanderError && error.code === "commander.help") return;
  const debug = words.includes("--debug");
  process.stderr.write(errorText(error, commandPath(program, words), debug));
  if (words.includes("--json") && !output.printed) process.stdout.write(`${plainJson(errorDocument(error))}\n`);
}

/** `brine import coefficients`: the command that `words` name, as far as they name one. */
function commandPath(program: Command, words: readonly string[]): string {
  let command = program;
  const names = [program.name()];
  for (const word of words) {
    const next = command.commands.find((known) => known.name() === word);
    if (!next) continue;
    names.push(word);
    command = next;
  }
  return names.join(" ");
}

function ensureNewline(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

/** `brine … | head` ends quietly. */
function silenceBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit();
    });
}
