// Everything that a training needs to go on as if it had never stopped: weights, moments, states, step.
import { EcgError } from "../shared/errors.ts";
import {
  encodeSafetensors,
  openSafetensorsBytes,
  type SafetensorsFile,
  safetensorsParts,
  type TensorToWrite,
} from "../shared/safetensors.ts";
import type { Optimizer } from "./adam-w.ts";
import { formatShape, type Shape, sameShape, shapeError } from "./shape.ts";
import type { TensorData } from "./tensor-data.ts";

/** A copy of a training's numbers. Frozen parameters are not in it: they do not change. */
export type Checkpoint = {
  readonly stepCount: number;
  /** `parameter/…`, `state/…`, `moment1/…`, `moment2/…` by the store's names. */
  readonly tensors: Readonly<Record<string, CheckpointTensor>>;
  /** The caller's own: sampler position, random state, best loss. */
  readonly metadata: Readonly<Record<string, string>>;
};

export type CheckpointTensor = { readonly shape: Shape; readonly data: Float32Array | BigInt64Array };

/** Where each tensor of a checkpoint lives in a training. */
type LiveTensor = { readonly shape: Shape; readonly values: TensorData };

/** Copy the present state. */
export function takeCheckpoint(
  optimizer: Optimizer,
  metadata: Readonly<Record<string, string>> = {},
): Checkpoint {
  const tensors = Object.entries(findLive(optimizer)).map(([name, { shape, values }]) => [
    name,
    { shape, data: values.slice() },
  ]);
  return { stepCount: optimizer.stepCount, tensors: Object.fromEntries(tensors), metadata };
}

/**
 * Put a training back to a checkpoint, bit for bit. Nothing is changed unless everything fits.
 * @throws EcgError SHAPE_MISMATCH naming the tensor, expected and found shape; NOT_FOUND for one that
 * the checkpoint lacks, INVALID_OPTION for one too many.
 */
export function restoreCheckpoint(checkpoint: Checkpoint, optimizer: Optimizer): void {
  const live = findLive(optimizer);
  const hint = "the checkpoint belongs to another configuration";
  for (const [name, { shape, values }] of Object.entries(live)) {
    const found = checkpoint.tensors[name];
    if (!found) {
      throw new EcgError("NOT_FOUND", `checkpoint: expected ${name} ${formatShape(shape)}, found none`, {
        hint,
      });
    }
    if (!sameShape(found.shape, shape) || found.data.constructor !== values.constructor) {
      throw shapeError(
        `checkpoint: ${name}`,
        `${formatShape(shape)} in a ${values.constructor.name}`,
        `${formatShape(found.shape)} in a ${found.data.constructor.name}`,
      );
    }
  }
  const surplus = Object.keys(checkpoint.tensors).find((name) => !(name in live));
  if (surplus !== undefined) {
    throw new EcgError(
      "INVALID_OPTION",
      `checkpoint: expected only tensors of this training, found ${surplus}`,
      {
        hint,
      },
    );
  }
  for (const [name, { values }] of Object.entries(live)) {
    values.set(checkpoint.tensors[name]?.data as never);
  }
  optimizer.resumeAt(checkpoint.stepCount);
}

/** A checkpoint as a safetensors file. */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  return encodeSafetensors(checkpoint.tensors as Readonly<Record<string, TensorToWrite>>, {
    ...checkpoint.metadata,
    stepCount: String(checkpoint.stepCount),
  });
}

/**
 * The bytes of {@link encodeCheckpoint} of the present state, part by part and without a copy: use them up before
 * the next step, which would change what is still to come.
 */
export function checkpointParts(
  optimizer: Optimizer,
  metadata: Readonly<Record<string, string>> = {},
): Iterable<Uint8Array> {
  const tensors = Object.entries(findLive(optimizer)).map(
    ([name, { shape, values }]): [string, TensorToWrite] => [
      name,
      { shape, data: values as TensorToWrite["data"] },
    ],
  );
  return safetensorsParts(Object.fromEntries(tensors), {
    ...metadata,
    stepCount: String(optimizer.stepCount),
  });
}

/** @throws EcgError INVALID_FILE when the bytes are no checkpoint. */
export async function decodeCheckpoint(bytes: Uint8Array, where = "checkpoint"): Promise<Checkpoint> {
  const file = await openSafetensorsBytes(bytes, where);
  const { stepCount, ...metadata } = file.metadata;
  if (!/^\d+$/.test(stepCount ?? "")) {
    throw new EcgError("INVALID_FILE", `${where}: expected a stepCount in its metadata, found ${stepCount}`, {
      hint: "a model file is no checkpoint: it has no moments to resume from",
    });
  }
  const tensors: Record<string, CheckpointTensor> = {};
  for (const [name, { shape }] of file.tensors) tensors[name] = { shape, data: await readTensor(file, name) };
  return { stepCount: Number(stepCount), tensors, metadata };
}

async function readTensor(file: SafetensorsFile, name: string): Promise<Float32Array | BigInt64Array> {
  if (file.tensors.get(name)?.dtype !== "I64") return file.readFloats(name);
  return new BigInt64Array((await file.readBytes(name)).buffer);
}

function findLive({ store, trained }: Optimizer): Record<string, LiveTensor> {
  const live: Record<string, LiveTensor> = {};
  for (const { name, kind, shape, values } of store.tensors.values()) {
    if (kind !== "frozen") live[`${kind}/${name}`] = { shape, values };
  }
  for (const [name, { stored, moment1, moment2 }] of trained) {
    live[`moment1/${name}`] = { shape: stored.shape, values: moment1 };
    live[`moment2/${name}`] = { shape: stored.shape, values: moment2 };
  }
  return live;
}
