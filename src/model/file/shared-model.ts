/** A model on its way to other threads: the bytes of its file in memory that they share, decoded once in each. */
import { sha256 } from "../../dataset/sha256.js";
import type { DensityModel } from "../prediction/density-model.js";
import { loadModel, saveModel } from "./model-file.js";

/** The bytes of a model file, in memory that threads share. */
export interface SharedModel {
  /** What tells models apart: the SHA-256 of the bytes. */
  readonly key: string;
  /** Of the model file; shared between threads where the host has shared memory. */
  readonly bytes: Uint8Array;
}

/** A model as tasks take it: itself within a thread, its bytes between threads. */
export type ModelHandle = DensityModel | SharedModel;

/** `key` where the caller has hashed `bytes`, the model file, already. */
export function shareModel(bytes: Uint8Array, key: string = sha256(bytes)): SharedModel {
  if (typeof SharedArrayBuffer === "undefined") return { key, bytes };
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return { key, bytes: shared };
}

/** What the threads of a pool take a model as. */
export function modelHandle(model: DensityModel | SharedModel, pooled: boolean): ModelHandle {
  return pooled && "predict" in model ? shareModel(saveModel(model)) : model;
}

/** Gives the model of a handle, decoded anew only when it is another one than before. */
export function modelReader(): (handle: ModelHandle) => DensityModel {
  let last: { readonly key: string; readonly model: DensityModel } | undefined;
  return (handle) => {
    if ("predict" in handle) return handle;
    if (last?.key !== handle.key) last = { key: handle.key, model: loadModel(handle.bytes) };
    return last.model;
  };
}
