/** Wall time by stage. */
export interface Stopwatch {
  /** Ends a stage: the time since the last one ended is added to it. */
  readonly lap: (stage: string) => void;
  result(): { seconds: number; stages: Record<string, number> };
}

export function stopwatch(): Stopwatch {
  const start = performance.now();
  let last = start;
  const stages: Record<string, number> = {};
  return {
    lap(stage) {
      const now = performance.now();
      stages[stage] = (stages[stage] ?? 0) + (now - last) / 1000;
      last = now;
    },
    result: () => ({ seconds: (performance.now() - start) / 1000, stages }),
  };
}
