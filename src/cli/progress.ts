/** One line of progress on stderr: a bar on a terminal, else a plain line every few seconds. */
import type { Progress } from "../run.js";
import { columnsOf } from "./terminal.js";

export interface ProgressLine {
  show(progress: Progress): void;
  /** A line of its own that stays. */
  note(text: string): void;
  /** Takes the bar away. */
  clear(): void;
}

const BAR_WIDTH = 24;
const BAR_INTERVAL_MS = 100;
const LINE_INTERVAL_MS = 3000;

/** When a stage began; rates are counted from there. */
interface Stage {
  readonly since: number;
  readonly from: number;
  last: number;
}

export function createProgressLine(stream: NodeJS.WriteStream, quiet: boolean): ProgressLine {
  const stages = new Map<string, Stage>();
  const terminal = stream.isTTY === true;
  let lastShown = performance.now() - (terminal ? BAR_INTERVAL_MS : 0);
  let barShown = false;

  const clear = (): void => {
    if (barShown) stream.write("\r\u001b[K");
    barShown = false;
  };
  return {
    show(progress) {
      if (quiet) return;
      const now = performance.now();
      const stage = follow(stages, progress, now);
      if (now - lastShown < (terminal ? BAR_INTERVAL_MS : LINE_INTERVAL_MS)) return;
      lastShown = now;
      const text = describe(progress, stage, now, terminal);
      if (terminal) stream.write(`\r\u001b[K${text.slice(0, columnsOf(stream) - 1)}`);
      else stream.write(`${text}\n`);
      barShown = terminal;
    },
    note(text) {
      clear();
      stream.write(`${text}\n`);
    },
    clear,
  };
}

/** The stage of `progress`; begun anew when it counts from the start again. */
function follow(stages: Map<string, Stage>, { stage: name, done }: Progress, now: number): Stage {
  const known = stages.get(name);
  const stage = known && done >= known.last ? known : { since: now, from: done, last: done };
  stage.last = done;
  stages.set(name, stage);
  return stage;
}

function describe({ stage: name, done, total, note }: Progress, stage: Stage, now: number, terminal: boolean): string {
  const perSecond = ((done - stage.from) * 1000) / (now - stage.since || 1);
  const parts = [name];
  if (total && terminal) parts.push(bar(done / total));
  parts.push(total ? `${done}/${total}` : `${done}`);
  if (perSecond > 0) parts.push(rate(perSecond));
  if (perSecond > 0 && total && total > done) parts.push(`${duration((total - done) / perSecond)} left`);
  if (note) parts.push(note);
  return parts.join("  ");
}

function bar(fraction: number): string {
  const filled = Math.round(BAR_WIDTH * Math.min(1, Math.max(0, fraction)));
  return `[${"=".repeat(filled)}${" ".repeat(BAR_WIDTH - filled)}]`;
}

/** `3.1/s`, or `12 s each` for slow steps. */
function rate(perSecond: number): string {
  return perSecond >= 1 ? `${perSecond.toPrecision(2)}/s` : `${duration(1 / perSecond)} each`;
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
