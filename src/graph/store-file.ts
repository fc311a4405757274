// Weights to and from safetensors: what a model is shipped as.
import { EcgError } from "../shared/errors.ts";
import { encodeSafetensors, type SafetensorsFile, type TensorToWrite } from "../shared/safetensors.ts";
import type { ParameterStore, StoredTensor } from "./parameter-store.ts";
import { formatShape, sameShape, shapeError } from "./shape.ts";

export type EncodeStoreOptions = {
  /** How weights are stored. Default F32; F16 halves the file and rounds to 11 bits. */
  readonly dtype?: "F32" | "F16" | "BF16";
  /** Which tensors to write. Default: all, states included. */
  readonly includes?: (name: string) => boolean;
  readonly metadata?: Readonly<Record<string, string>>;
};

/** The bytes of a safetensors file with a store's tensors under their names. Integers stay integers. */
export function encodeStore(store: ParameterStore, options: EncodeStoreOptions = {}): Uint8Array {
  const { dtype = "F32", includes = () => true, metadata = { format: "pt" } } = options;
  const chosen = [...store.tensors.values()].filter(({ name }) => includes(name));
  const tensors = chosen.map(({ name, shape, values }): [string, TensorToWrite] => {
    const data = values as TensorToWrite["data"];
    return [name, { shape, data, ...(values instanceof Float32Array ? { dtype } : {}) }];
  });
  return encodeSafetensors(Object.fromEntries(tensors), metadata);
}

export type LoadStoreOptions = {
  /** The file's name of a tensor, e.g. with a prefix. Default: the same. */
  readonly fileName?: (name: string) => string;
  /** Which tensors to load. Default: all of the store. */
  readonly includes?: (name: string) => boolean;
};

/**
 * Fill a store from a file. Nothing is changed unless every wanted tensor is there and fits.
 * @throws EcgError NOT_FOUND or SHAPE_MISMATCH naming the tensor, expected and found shape.
 */
export async function loadStore(
  store: ParameterStore,
  file: SafetensorsFile,
  options: LoadStoreOptions = {},
): Promise<void> {
  const { fileName = (name) => name, includes = () => true } = options;
  const chosen = [...store.tensors.values()].filter(({ name }) => includes(name));
  for (const { name, shape } of chosen) {
    const found = file.tensors.get(fileName(name));
    if (!found) {
      throw new EcgError(
        "NOT_FOUND",
        `model file: expected ${fileName(name)} ${formatShape(shape)}, found none`,
        {
          hint: "the file belongs to another configuration",
        },
      );
    }
    if (!sameShape(found.shape, shape)) {
      throw shapeError(`model file: ${fileName(name)}`, formatShape(shape), formatShape(found.shape));
    }
  }
  for (const tensor of chosen) {
    const values = await readTensor(tensor, file, fileName(tensor.name));
    if (tensor.kind === "frozen") store.attach(tensor.name, values);
    else store.set(tensor.name, values);
  }
}

async function readTensor(
  { dtype }: StoredTensor,
  file: SafetensorsFile,
  name: string,
): Promise<Float32Array | BigInt64Array> {
  if (dtype !== "int64") return file.readFloats(name);
  return BigInt64Array.from(await file.readIntegers(name), BigInt);
}
