/** What can be imported from brine and brine/node: a change of either is a change of the library. */
import { expect, it } from "vitest";
import * as brine from "../../dist/index.js";
import * as node from "../../dist/node/index.js";

it("brine offers these names and no others", () => {
  expect(Object.keys(brine).toSorted()).toMatchInlineSnapshot(`
    [
      "BrineError",
      "basisFrom",
      "buildLevel",
      "chooseRandomly",
      "computeReferences",
      "createBuiltinEngine",
      "createEngine",
      "cubeGrid",
      "densityAt",
      "densityErrors",
      "densityMatrices",
      "electronCount",
      "electrostaticPotentialAt",
      "energies",
      "evenTempered",
      "finishedReferences",
      "formula",
      "isBrineError",
      "learningCurve",
      "levelByName",
      "levelName",
      "loadModel",
      "memoryDataset",
      "moments",
      "orbitalsOfDensity",
      "placeBasis",
      "readBasisSet",
      "readCube",
      "readExtxyz",
      "readFchk",
      "readGthPotentials",
      "readMolden",
      "sampleDensity",
      "sampleDensityMatrix",
      "saveModel",
      "sequentialPool",
      "superposedAtoms",
      "textLibrary",
      "thermalDistortions",
      "train",
      "trainSettings",
      "uncontracted",
      "useBackend",
      "useEngine",
      "useFunctionalProvider",
      "useTeam",
      "validate",
      "without",
      "writeCube",
      "writeExtxyz",
      "writeMolden",
    ]
  `);
});

it("brine/node offers these names and no others", () => {
  expect(Object.keys(node).toSorted()).toMatchInlineSnapshot(`
    [
      "basisByName",
      "chooseBackend",
      "createCp2kEngine",
      "createPyscfEngine",
      "modelPath",
      "onEngine",
      "openDataset",
      "packageLibrary",
      "readBytes",
      "readText",
      "useLibxc",
      "useMachineEngines",
      "workerPool",
      "workerTeam",
      "writeAtomically",
    ]
  `);
});
