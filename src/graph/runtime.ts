// The port to an ONNX engine: node/ and web/ implement it with ONNX Runtime.
import type { Shape } from "./shape.ts";
import type { Dtype, TensorData } from "./tensor-data.ts";

/** Numbers with their shape. The array is shared, not copied. */
export type HostTensor = { readonly dtype: Dtype; readonly shape: Shape; readonly data: TensorData };

/** Where ONNX Runtime computes. CPU is the tested one; the others are passed on to ONNX Runtime as they are. */
export type ExecutionProvider = "cpu" | "cuda" | "webgpu" | "coreml" | "dml" | "wasm";

export type SessionOptions = {
  /** Default "cpu" ("wasm" in browsers). What is missing on the machine fails at creation. */
  readonly executionProvider?: ExecutionProvider;
  /** Threads inside one operator; default: ONNX Runtime's choice, the physical cores. Results repeat for a fixed number. */
  readonly threads?: number;
  /** Let waiting threads spin: faster on an idle machine, much slower on a shared one. Default false. */
  readonly spinning?: boolean;
  /** Plan memory in one block: faster for some small models, takes up to 1.6 times the memory. Default false. */
  readonly memoryPattern?: boolean;
  /**
   * Keep memory between runs in blocks that grow by doubling. Default true; false gives each array back when it was used:
   * a tenth less memory at the same speed where arrays are large.
   */
  readonly memoryArena?: boolean;
  /**
   * Treat numbers below 1e-38 as 0. Default true: masked softmax is ten times slower otherwise. The first
   * session of a process decides for the calling thread, JavaScript's own arithmetic there included.
   */
  readonly denormalAsZero?: boolean;
  readonly graphOptimization?: "disabled" | "basic" | "extended" | "all";
  /** Do not merge nodes that compute the same: what is computed twice on purpose stays so. Default false. */
  readonly keepDuplicates?: boolean;
  /** Write a trace of operator times to `<prefix>_<time>.json` when the session is disposed. */
  readonly profilePrefix?: string;
};

/** An array wrapped for the engine; keep it to save the wrapping at every run. */
export type BoundTensor = { readonly host: HostTensor; readonly native: unknown };

export type Session = {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * Compute. Outputs in `into` are written to the given arrays, the others of the model are returned.
   * An array may be fed and written to at once only when every element of the output depends on the
   * same element of that input alone.
   */
  run(
    feeds: Readonly<Record<string, BoundTensor>>,
    into?: Readonly<Record<string, BoundTensor>>,
  ): Promise<Record<string, HostTensor>>;
  dispose(): Promise<void>;
};

export type Runtime = {
  readonly name: string;
  readonly version: string;
  bind(tensor: HostTensor): BoundTensor;
  /** A session over the bytes of an ONNX file. @throws EcgError UNSUPPORTED_FORMAT when ONNX Runtime refuses it. */
  createSession(model: Uint8Array, options?: SessionOptions): Promise<Session>;
};
