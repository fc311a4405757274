// What ONNX Runtime in Node and in the browser have in common: wrapping tensors, options, errors.
import { EcgError, errorMessage } from "../shared/errors.ts";
import type { BoundTensor, HostTensor, Runtime, Session, SessionOptions } from "./runtime.ts";
import { elementCount, formatShape, shapeError } from "./shape.ts";
import type { Dtype, TensorData } from "./tensor-data.ts";

/** The part of ONNX Runtime's JavaScript API that is used; both packages export it. */
export type OrtModule = {
  readonly Tensor: new (type: never, data: never, dims: readonly number[]) => OrtTensor;
  readonly InferenceSession: {
    create(model: Uint8Array, options: Readonly<Record<string, unknown>>): Promise<OrtSession>;
  };
};

type OrtTensor = { readonly type: string; readonly data: unknown; readonly dims: readonly number[] };

type OrtSession = {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: never, fetches: never): Promise<Readonly<Record<string, OrtTensor>>>;
  endProfiling(): void;
  release(): Promise<void>;
};

export type OrtRuntimeOptions = {
  readonly ort: OrtModule;
  readonly name: string;
  readonly version: string;
  /** Options of this platform beyond the common ones. */
  readonly sessionDefaults: (options: SessionOptions) => Readonly<Record<string, unknown>>;
};

/** Configuration entries of a session with {@link SessionOptions.keepDuplicates}. */
export const KEEP_DUPLICATES: Readonly<Record<string, unknown>> = {
  optimization: { disable_specified_optimizers: "CommonSubexpressionElimination" },
};

/** A runtime over either package. */
export function createOrtRuntime({ ort, name, version, sessionDefaults }: OrtRuntimeOptions): Runtime {
  return {
    name,
    version,
    bind: (host) => bindTensor(ort, host),
    async createSession(model, options = {}) {
      try {
        const session = await ort.InferenceSession.create(model, sessionDefaults(options));
        return wrapSession(session, name, options);
      } catch (cause) {
        throw new EcgError(
          "UNSUPPORTED_FORMAT",
          `${name}: expected a model that ONNX Runtime accepts, got ${errorMessage(cause)}`,
          { hint: "check the execution provider and the operators of the file", cause },
        );
      }
    },
  };
}

function bindTensor(ort: OrtModule, host: HostTensor): BoundTensor {
  if (host.data.length !== elementCount(host.shape)) {
    throw shapeError(
      "bind",
      `${elementCount(host.shape)} numbers for ${formatShape(host.shape)}`,
      `${host.data.length}`,
    );
  }
  return { host, native: new ort.Tensor(host.dtype as never, host.data as never, host.shape) };
}

function wrapSession(session: OrtSession, runtime: string, options: SessionOptions): Session {
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(feeds, into = {}) {
      const others = session.outputNames.filter((name) => !(name in into)).map((name) => [name, null]);
      const fetches = { ...Object.fromEntries(others), ...mapNative(into) };
      const results = await session
        .run(mapNative(feeds) as never, fetches as never)
        .catch((cause: unknown) => {
          throw new EcgError(
            "INVALID_OPTION",
            `${runtime}: expected a run without errors, got ${errorMessage(cause)}`,
            {
              hint: "an index outside its table is the usual cause",
              cause,
            },
          );
        });
      const returned = Object.entries(results).filter(([name]) => !(name in into));
      return Object.fromEntries(returned.map(([name, tensor]) => [name, toHost(tensor)]));
    },
    async dispose() {
      if (options.profilePrefix !== undefined) session.endProfiling();
      await session.release();
    },
  };
}

function mapNative(tensors: Readonly<Record<string, BoundTensor>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, tensor.native]));
}

function toHost(tensor: OrtTensor): HostTensor {
  return { dtype: tensor.type as Dtype, shape: tensor.dims, data: tensor.data as TensorData };
}
