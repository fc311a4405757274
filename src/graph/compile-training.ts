// Turns a loss into a training program. One ONNX graph gives loss, outputs and gradients; the
// optimiser's own graph then updates in place, after the gradients proved finite.

import { EcgError } from "../shared/errors.ts";
import type { Optimizer } from "./adam-w.ts";
import { bindInputs, bindStore, planFeeding, type RunInputs } from "./bind-inputs.ts";
import { buildModel } from "./build-model.ts";
import { type CompiledInference, compileInference } from "./compile-inference.ts";
import { emitOne, withoutRecording } from "./emit.ts";
import { grad } from "./grad.ts";
import type { GraphState, Tensor } from "./graph.ts";
import { encodeModel } from "./onnx/encode-model.ts";
import { recomputeCheap } from "./recompute.ts";
import type { BoundTensor, HostTensor, Runtime, Session, SessionOptions } from "./runtime.ts";
import { emptyTensorData, type TensorData } from "./tensor-data.ts";

export type TrainingOptions = {
  readonly runtime: Runtime;
  /** A scalar. */
  readonly loss: Tensor;
  /** What a step returns beside the loss, by name. Keep them small: they are copied out at every step. */
  readonly outputs?: Readonly<Record<string, Tensor>>;
  /** What is updated, in which store. Programs that share one share its moments and step count. */
  readonly optimizer: Optimizer;
  readonly session?: SessionOptions;
  /** Compute cheap operations again for the gradients instead of holding their results: less memory, the same bits. */
  readonly recompute?: boolean;
};

export type StepResult = {
  readonly loss: number;
  /** Norm of all gradients together, before clipping. */
  readonly gradientNorm: number;
  readonly outputs: Readonly<Record<string, HostTensor>>;
  /** False when loss or gradient were not finite: then parameters, moments and states are as before. */
  readonly applied: boolean;
};

export type Evaluation = {
  readonly loss: number;
  readonly outputs: Readonly<Record<string, HostTensor>>;
};

export type Training = {
  readonly optimizer: Optimizer;
  /**
   * One update. Several batches are accumulated: the gradient is their mean, outputs are the last one's.
   * @throws EcgError SHAPE_MISMATCH for inputs that do not fit, INVALID_OPTION for a bad learning rate.
   */
  step(
    batch: RunInputs | readonly RunInputs[],
    options: { readonly learningRate: number },
  ): Promise<StepResult>;
  /** Loss and outputs without gradients or updates. */
  evaluate(batch: RunInputs): Promise<Evaluation>;
  /** Bytes of the ONNX file that computes loss and gradients, for inspection. */
  readonly model: Uint8Array;
  /** Frees the memory that steps work in; the next step takes it again, after some tenths of a second. */
  release(): Promise<void>;
  /** Frees the sessions; the optimiser and the store stay usable. */
  dispose(): Promise<void>;
};

const LOSS = "loss";
const NORM = "gradientNormSquared";
const gradientName = (name: string): string => `gradient:${name}`;
const stateName = (name: string): string => `next:${name}`;
const outputName = (name: string): string => `output:${name}`;

/**
 * Compile a loss for training.
 * @throws EcgError INVALID_OPTION when a trained parameter does not reach the loss; SHAPE_MISMATCH or
 * NOT_FOUND when graph and store do not fit.
 */
export async function compileTraining(options: TrainingOptions): Promise<Training> {
  const { runtime, optimizer, outputs = {} } = options;
  const program = await compileGradients(options);
  let inference: CompiledInference | undefined;
  const evaluator = async (): Promise<CompiledInference> => {
    inference ??= await compileInference({
      runtime,
      store: optimizer.store,
      outputs: { [LOSS]: options.loss, ...prefixed(outputs) },
      ...(options.session ? { session: options.session } : {}),
    });
    return inference;
  };
  return {
    optimizer,
    model: program.model,
    async step(batch, { learningRate }) {
      if (!Number.isFinite(learningRate) || learningRate < 0) {
        throw new EcgError("INVALID_OPTION", `step: expected a learning rate >= 0, got ${learningRate}`);
      }
      const batches = Array.isArray(batch) ? (batch as readonly RunInputs[]) : [batch as RunInputs];
      return runStep(program, optimizer, batches, learningRate);
    },
    async evaluate(batch) {
      const results = await (await evaluator()).run(batch);
      return { loss: scalarOf(results, LOSS), outputs: unprefixed(results, outputs) };
    },
    release: () => program.release(),
    async dispose() {
      await program.release();
      await inference?.dispose();
    },
  };
}

type GradientProgram = {
  readonly model: Uint8Array;
  /** Writes gradients to the optimiser's array and the states' next values aside. */
  run(batch: RunInputs): Promise<{ loss: number; normSquared: number; outputs: Record<string, HostTensor> }>;
  /** Take over the states' next values. */
  commitStates(): void;
  /** Copies of the states, and their way back. */
  saveStates(): () => void;
  /** Closes the session, which the next run opens again. */
  release(): Promise<void>;
};

async function compileGradients(options: TrainingOptions): Promise<GradientProgram> {
  const { runtime, loss, optimizer, outputs = {} } = options;
  const { graph } = loss;
  const { store } = optimizer;
  const parameters = graph.parameters.filter(({ name }) => optimizer.trained.has(name));
  checkAllPresent(optimizer, new Set(parameters.map(({ name }) => name)));
  const forward = new Set(graph.nodes.flatMap((node) => node.outputs));
  const gradients = grad(
    loss,
    parameters.map(({ tensor }) => tensor),
  );
  const states = graph.states.filter((entry) => entry.next !== undefined);
  const { model, fed } = buildModel(graph, {
    [LOSS]: loss,
    [NORM]: withoutRecording(graph, () => emitNormSquared(gradients)),
    ...prefixed(outputs),
    ...Object.fromEntries(parameters.map(({ name }, index) => [gradientName(name), gradients[index]!])),
    ...Object.fromEntries(states.map(({ name, next }) => [stateName(name), next!])),
  });
  const kept = new Set(model.outputs.map(({ name }) => name));
  const bytes = encodeModel(
    options.recompute ? { ...model, nodes: recomputeCheap(model.nodes, forward, kept) } : model,
  );
  const feeding = planFeeding(graph, fed, store);
  const storeFeeds = bindStore(runtime, store, feeding.stored);
  const nextStates = states.map((entry) => emptyTensorData(entry.initial.length, entry.tensor.dtype));
  const into: Record<string, BoundTensor> = {
    ...Object.fromEntries(
      parameters.map(({ name, tensor }) => [
        gradientName(name),
        runtime.bind({ dtype: "float32", shape: tensor.shape, data: optimizer.trained.get(name)!.gradient }),
      ]),
    ),
    ...bindStates(runtime, states, nextStates),
  };
  const sessionOptions = { ...options.session, ...(options.recompute ? { keepDuplicates: true } : {}) };
  let session: Session | undefined = await runtime.createSession(bytes, sessionOptions);
  return {
    model: bytes,
    async run(batch) {
      const feeds = { ...bindInputs("step", runtime, feeding, batch), ...storeFeeds() };
      session ??= await runtime.createSession(bytes, sessionOptions);
      const results = await session.run(feeds, into);
      return {
        loss: scalarOf(results, LOSS),
        normSquared: scalarOf(results, NORM),
        outputs: unprefixed(results, outputs),
      };
    },
    commitStates: () => {
      states.forEach(({ name }, index) => {
        store.get(name).values.set(nextStates[index] as never);
      });
    },
    saveStates: () => {
      const copies = states.map(({ name }) => store.get(name).values.slice());
      return () => {
        states.forEach(({ name }, index) => {
          store.get(name).values.set(copies[index] as never);
        });
      };
    },
    async release() {
      const open = session;
      session = undefined;
      await open?.dispose();
    },
  };
}

async function runStep(
  program: GradientProgram,
  optimizer: Optimizer,
  batches: readonly RunInputs[],
  learningRate: number,
): Promise<StepResult> {
  const restoreStates = program.saveStates();
  const sum = batches.length > 1 ? new Float32Array(optimizer.gradients.length) : undefined;
  let loss = 0;
  let normSquared = 0;
  let outputs: Record<string, HostTensor> = {};
  for (const batch of batches) {
    const result = await program.run(batch);
    program.commitStates();
    loss += result.loss / batches.length;
    normSquared = result.normSquared;
    outputs = result.outputs;
    if (sum) addInto(sum, optimizer.gradients);
    if (!Number.isFinite(loss) || !Number.isFinite(normSquared)) {
      restoreStates();
      return { loss, gradientNorm: Math.sqrt(normSquared), outputs, applied: false };
    }
  }
  if (sum) {
    optimizer.gradients.set(sum);
    normSquared = sumOfSquares(sum);
  }
  const gradientNorm = Math.sqrt(normSquared) / batches.length;
  const gradientScale = optimizer.clipScale(gradientNorm) / batches.length;
  await optimizer.apply({ learningRate, gradientScale });
  return { loss, gradientNorm, outputs, applied: true };
}

function emitNormSquared(gradients: readonly Tensor[]): Tensor {
  const squares = gradients.map((gradient) =>
    emitOne("ReduceSumSquare", [gradient], { shape: [] }, { attributes: { keepdims: { int: 0 } } }),
  );
  return squares.length === 1 ? squares[0]! : emitOne("Sum", squares, { shape: [] });
}

function checkAllPresent(optimizer: Optimizer, present: ReadonlySet<string>): void {
  const missing = [...optimizer.trained.keys()].find((name) => !present.has(name));
  if (missing === undefined) return;
  throw new EcgError(
    "INVALID_OPTION",
    `compileTraining: expected every trained parameter in the graph, found no ${missing}`,
    { hint: "leave it out of the optimiser (trains) or build it into this graph" },
  );
}

function bindStates(
  runtime: Runtime,
  states: readonly GraphState[],
  next: readonly TensorData[],
): Record<string, BoundTensor> {
  return Object.fromEntries(
    states.map(({ name, tensor: { dtype, shape } }, index) => [
      stateName(name),
      runtime.bind({ dtype, shape, data: next[index]! }),
    ]),
  );
}

function prefixed(outputs: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [outputName(name), tensor]));
}

function unprefixed(
  results: Readonly<Record<string, HostTensor>>,
  outputs: Readonly<Record<string, Tensor>>,
): Record<string, HostTensor> {
  return Object.fromEntries(Object.keys(outputs).map((name) => [name, results[outputName(name)]!]));
}

function scalarOf(results: Readonly<Record<string, HostTensor>>, name: string): number {
  return Number(results[name]?.data[0] ?? Number.NaN);
}

function addInto(sum: Float32Array, values: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
}

function sumOfSquares(values: Float32Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]! * values[i]!;
  return total;
}
