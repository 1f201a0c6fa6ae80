/** A model by path or bundled name. */
import type { DensityModel } from "../model/prediction/density-model.js";
import { loadModel } from "../model/file/model-file.js";
import { readBytes } from "../node/files.js";
import { modelPath } from "../node/library.js";

export function openModel(nameOrPath: string): DensityModel {
  const path = modelPath(nameOrPath);
  return loadModel(readBytes(path), path);
}
