// AdamW (Loshchilov & Hutter 2019) as an ONNX graph of its own, run in pieces over the flat arrays.
import { buildModel } from "./build-model.ts";
import { createGraph, input, type Tensor } from "./graph.ts";
import { encodeModel } from "./onnx/encode-model.ts";
import { add } from "./ops/add.ts";
import { divide } from "./ops/divide.ts";
import { multiply } from "./ops/multiply.ts";
import { sqrt } from "./ops/sqrt.ts";
import { square } from "./ops/square.ts";
import { subtract } from "./ops/subtract.ts";
import type { BoundTensor, Runtime, Session, SessionOptions } from "./runtime.ts";

export type AdamWOptions = {
  /** Decay of the first moment. Default 0.9. */
  readonly beta1?: number;
  /** Decay of the second moment. Default 0.999. */
  readonly beta2?: number;
  /** Default 1e-8. */
  readonly epsilon?: number;
  /** Decoupled weight decay, applied to parameters with `decay`. Default 0. */
  readonly weightDecay?: number;
};

/** A run of the flat arrays that is updated with one set of scalars. */
export type UpdateSpan = {
  /** Where it begins in the parameters. */
  readonly parameterOffset: number;
  /** Where it begins in gradients and moments, which leave out what is not trained. */
  readonly momentOffset: number;
  readonly length: number;
  readonly decay: boolean;
  readonly learningRateScale: number;
};

export type FlatArrays = {
  readonly parameters: Float32Array;
  readonly gradients: Float32Array;
  readonly moment1: Float32Array;
  readonly moment2: Float32Array;
};

export type AdamWStep = {
  readonly learningRate: number;
  /** Counted from 1; the bias corrections depend on it. */
  readonly step: number;
  /** Factor on the gradients: clipping, and 1 / micro-batches. */
  readonly gradientScale: number;
};

export type AdamWProgram = {
  /** Update parameters and moments in place. */
  apply(step: AdamWStep): Promise<void>;
  dispose(): Promise<void>;
};

/** Numbers per piece: few calls, and the arrays of a piece stay near the cores. */
const PIECE = 262_144;
const SCALARS = ["gradientScale1", "gradientScale2", "learningRate", "epsilon", "decay"] as const;
type Scalars = Record<(typeof SCALARS)[number], Float32Array>;

/**
 * Prepare updates of the spans. Runs after all gradients are known, so nothing else reads the
 * parameters that it overwrites.
 */
export async function compileAdamW(
  runtime: Runtime,
  arrays: FlatArrays,
  spans: readonly UpdateSpan[],
  options: AdamWOptions & { readonly session?: SessionOptions } = {},
): Promise<AdamWProgram> {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  const sessions = new Map<boolean, Session>();
  const usesDecay = (span: UpdateSpan): boolean => span.decay && weightDecay !== 0;
  for (const decays of new Set(spans.map(usesDecay))) {
    const bytes = buildUpdateModel({ beta1, beta2, decays });
    sessions.set(decays, await runtime.createSession(bytes, options.session));
  }
  const scalars = Object.fromEntries(SCALARS.map((name) => [name, new Float32Array(1)])) as Scalars;
  const scalarFeeds = Object.fromEntries(
    SCALARS.map((name) => [name, runtime.bind({ dtype: "float32", shape: [], data: scalars[name] })]),
  );
  const pieces = spans.map((span) => ({ span, feeds: cutPieces(runtime, arrays, span) }));
  return {
    async apply({ learningRate, step, gradientScale }) {
      const correction1 = 1 - beta1 ** step;
      const correction2 = Math.sqrt(1 - beta2 ** step);
      scalars.gradientScale1[0] = gradientScale * (1 - beta1);
      scalars.gradientScale2[0] = gradientScale * gradientScale * (1 - beta2);
      scalars.epsilon[0] = epsilon * correction2;
      for (const { span, feeds } of pieces) {
        const rate = learningRate * span.learningRateScale;
        scalars.learningRate[0] = (rate * correction2) / correction1;
        scalars.decay[0] = rate * weightDecay;
        const session = sessions.get(usesDecay(span))!;
        const { decay, ...withoutDecay } = scalarFeeds;
        const common = usesDecay(span) ? { ...withoutDecay, decay: decay! } : withoutDecay;
        for (const feed of feeds) {
          await session.run({ ...common, ...feed }, { newP: feed["p"]!, newM: feed["m"]!, newV: feed["v"]! });
        }
      }
    },
    async dispose() {
      for (const session of sessions.values()) await session.dispose();
    },
  };
}

function cutPieces(runtime: Runtime, arrays: FlatArrays, span: UpdateSpan): Record<string, BoundTensor>[] {
  const bind = (array: Float32Array, start: number, length: number): BoundTensor =>
    runtime.bind({ dtype: "float32", shape: [length], data: array.subarray(start, start + length) });
  return Array.from({ length: Math.ceil(span.length / PIECE) }, (_, index) => {
    const at = index * PIECE;
    const length = Math.min(PIECE, span.length - at);
    const moment = span.momentOffset + at;
    return {
      p: bind(arrays.parameters, span.parameterOffset + at, length),
      g: bind(arrays.gradients, moment, length),
      m: bind(arrays.moment1, moment, length),
      v: bind(arrays.moment2, moment, length),
    };
  });
}

/**
 * m' = beta1 m + (1 - beta1) s g,  v' = beta2 v + (1 - beta2) (s g)^2,
 * p' = p - rate m' / (sqrt(v') + epsilon) - decay p, with the bias corrections folded into rate and
 * epsilon by the caller. Every output element reads only its own element, so p, m and v may be
 * overwritten while they are read.
 */
function buildUpdateModel(options: { beta1: number; beta2: number; decays: boolean }): Uint8Array {
  const graph = createGraph();
  const vector = (name: string): Tensor => input(graph, name, [PIECE], { axisNames: ["count"] });
  const scalar = (name: string): Tensor => input(graph, name, []);
  const [p, g, m, v] = ["p", "g", "m", "v"].map(vector) as [Tensor, Tensor, Tensor, Tensor];
  const newM = add(multiply(m, options.beta1), multiply(g, scalar("gradientScale1")));
  const newV = add(multiply(v, options.beta2), multiply(square(g), scalar("gradientScale2")));
  const change = multiply(divide(newM, add(sqrt(newV), scalar("epsilon"))), scalar("learningRate"));
  const newP = subtract(p, options.decays ? add(change, multiply(p, scalar("decay"))) : change);
  const outputAxisNames = { newP: ["count"], newM: ["count"], newV: ["count"] };
  return encodeModel(buildModel(graph, { newP, newM, newV }, { outputAxisNames }).model);
}
