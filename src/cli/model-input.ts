/** A model by path or bundled name. */
import { createHash } from "node:crypto";
import { loadModel } from "../model/file/model-file.js";
import { type SharedModel, shareModel } from "../model/file/shared-model.js";
import type { DensityModel } from "../model/prediction/density-model.js";
import { readBytes } from "../node/files.js";
import { modelPath } from "../node/library.js";
import { checkKind } from "./file-kind.js";

export function openModel(nameOrPath: string): DensityModel {
  const path = modelPath(nameOrPath);
  checkKind(path, "model");
  return loadModel(readBytes(path), path);
}

/** A model as this thread and those of a pool use it. */
export function openSharedModel(nameOrPath: string): { readonly model: DensityModel; readonly shared: SharedModel } {
  const path = modelPath(nameOrPath);
  checkKind(path, "model");
  const bytes = readBytes(path);
  const model = loadModel(bytes, path);
  return { model, shared: shareModel(bytes, createHash("sha256").update(bytes).digest("hex")) };
}
