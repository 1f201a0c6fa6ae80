/** What people are told of a training that did not go as it was asked for. */
import { expect, it } from "vitest";
import { trainingNotes } from "../../dist/cli/training-notes.js";
import type { TrainSummary } from "../../dist/model/summary.js";

const summary = {
  environments: { H: 40, O: 20 },
  converged: true,
  iterations: 7,
  residual: 1e-4,
} as unknown as TrainSummary;

it("fewer environments than asked for, by element; none of what was left to be chosen", () => {
  const noted = (environments: "auto" | number | Record<string, number>): string[] =>
    trainingNotes({ environments }, summary);
  expect([noted("auto"), noted(20), noted({ "1": 40 })]).toEqual([[], [], []]);
  expect(noted(100)).toEqual([expect.stringMatching(/: H 40 of 100, O 20 of 100; /)]);
  expect(noted({ "8": 21 })).toEqual([expect.stringMatching(/: O 20 of 21; /)]);
});

it("weights that are not converged, how far they are, and what to do", () => {
  const [note] = trainingNotes(
    { environments: "auto" },
    { ...summary, converged: false, residual: 0.03, iterations: 500 },
  );
  expect(note).toMatch(/not converged: a relative residual of 3\.0e-2 after 500 iterations; take a larger --regul/);
});
