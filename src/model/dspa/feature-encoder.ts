// createFeatureEncoder: segments and lead tiles to the rows that stand in a prompt, with weights read live from a store.
import { compileInference } from "../../graph/compile-inference.ts";
import { createGraph, input, type Tensor } from "../../graph/graph.ts";
import type { ParameterStore } from "../../graph/parameter-store.ts";
import type { Runtime, SessionOptions } from "../../graph/runtime.ts";
import { EcgError } from "../../shared/errors.ts";
import type { VisionConfig } from "../config/vision-config.ts";
import { fixedDense } from "../layers/dense.ts";
import { modelWeights } from "../layers/model-weights.ts";
import { encodePatches, patchesPerSide } from "../vision/build-vision-encoder.ts";
import { type HeartcareConfig, tilesPerImage } from "./heartcare-config.ts";
import { projectImage, projectSignal, SCALE_INPUTS_PER_LEAD, scaleInputs } from "./project-features.ts";

export type SignalSegment = {
  /** Quantised query vectors, (queries, dimension). */
  readonly vectors: Float32Array;
  /** SD of each lead; left out where voltages are unknown. */
  readonly leadSdMv?: readonly number[] | undefined;
};

export type FeatureEncoder = {
  /** -> (vectorsPerSegment, hidden). @throws EcgError SHAPE_MISMATCH for vectors of another tokenizer. */
  segment(segment: SignalSegment): Promise<Float32Array>;
  /** Patches of one picture's tiles -> (tilesPerImage, hidden). @throws EcgError UNSUPPORTED_FORMAT without a vision encoder. */
  image(patches: Float32Array): Promise<Float32Array>;
  dispose(): Promise<void>;
};

export type FeatureEncoderOptions = {
  readonly runtime: Runtime;
  readonly store: ParameterStore;
  readonly heartcare: HeartcareConfig;
  readonly vision: VisionConfig | undefined;
  readonly hiddenSize: number;
  readonly session?: SessionOptions;
};

/** Two small programs, compiled when first used: one segment, one picture. */
export function createFeatureEncoder(options: FeatureEncoderOptions): FeatureEncoder {
  const { heartcare, vision } = options;
  const { queryCount, dimension, leadCount, scaleToken } = heartcare.signal;
  const programs = { segment: once(() => compileSegment(options)), image: once(() => compileImage(options)) };
  return {
    async segment({ vectors, leadSdMv }) {
      if (vectors.length !== queryCount * dimension) {
        throw new EcgError(
          "SHAPE_MISMATCH",
          `signal projector: expected ${queryCount} vectors of ${dimension}, got ${vectors.length} numbers`,
          { hint: `the model reads segments of the tokenizer ${heartcare.signal.tokenizer}` },
        );
      }
      const { rows } = await (await programs.segment()).run({
        vectors,
        ...(scaleToken ? { scales: scaleInputs(leadSdMv, leadCount) } : {}),
      });
      return rows!.data as Float32Array;
    },
    async image(patches) {
      if (!vision) {
        throw new EcgError(
          "UNSUPPORTED_FORMAT",
          "image projector: expected a model with a vision encoder, got one without",
          {
            hint: "show the recording as a signal",
          },
        );
      }
      const { rows } = await (await programs.image()).run({ patches });
      return rows!.data as Float32Array;
    },
    async dispose() {
      await programs.segment.dispose();
      await programs.image.dispose();
    },
  };
}

type Program = Awaited<ReturnType<typeof compileInference>>;

function compileSegment(options: FeatureEncoderOptions): Promise<Program> {
  const { runtime, store, session } = options;
  const outputs = segmentProgram(options);
  return compileInference({ runtime, store, outputs, ...(session ? { session } : {}) });
}

function compileImage(options: FeatureEncoderOptions): Promise<Program> {
  const { runtime, store, session } = options;
  const outputs = imageProgram({ ...options, vision: options.vision! });
  return compileInference({ runtime, store, outputs, ...(session ? { session } : {}) });
}

type ProgramSizes = {
  readonly heartcare: HeartcareConfig;
  readonly hiddenSize: number;
  /** Operators of the ONNX standard only, for a file that other engines run. */
  readonly standardOperators?: boolean;
};

/** `vectors` (1, queries, dimension) and, with a scale token, `scales` (1, 2 leads) -> `rows` (vectorsPerSegment, hidden). */
export function segmentProgram(sizes: ProgramSizes): { readonly rows: Tensor } {
  const { heartcare, hiddenSize, standardOperators = false } = sizes;
  const { queryCount, dimension, leadCount, scaleToken } = heartcare.signal;
  const graph = createGraph({ standardOperators });
  const dense = fixedDense(modelWeights(graph, { initializerRange: 0.02 }));
  const vectors = input(graph, "vectors", [1, queryCount, dimension]);
  const scales = scaleToken ? input(graph, "scales", [1, SCALE_INPUTS_PER_LEAD * leadCount]) : undefined;
  return { rows: projectSignal(vectors, scales, { dense, hiddenSize }) };
}

/** `patches` (tiles, patches, patch values) of one picture -> `rows` (tiles, hidden). */
export function imageProgram(sizes: ProgramSizes & { readonly vision: VisionConfig }): {
  readonly rows: Tensor;
} {
  const { heartcare, vision, hiddenSize, standardOperators = false } = sizes;
  const graph = createGraph({ standardOperators });
  const weights = modelWeights(graph, { initializerRange: 0.02 });
  const dense = fixedDense(weights);
  const size = vision.channelCount * vision.patchSize ** 2;
  const patches = input(graph, "patches", [tilesPerImage(heartcare), patchesPerSide(vision) ** 2, size]);
  const { pooled, features } = encodePatches(patches, { config: vision, weights, dense });
  return { rows: projectImage(pooled ?? features, { dense, hiddenSize }) };
}

function once(make: () => Promise<Program>): (() => Promise<Program>) & { dispose(): Promise<void> } {
  let made: Promise<Program> | undefined;
  const get = (): Promise<Program> => {
    made ??= make();
    return made;
  };
  return Object.assign(get, {
    dispose: async (): Promise<void> => {
      await (await made)?.dispose();
    },
  });
}
