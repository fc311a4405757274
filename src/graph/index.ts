// graph/: tensors, operations with gradients, AdamW and ONNX files. No ECG words here.
// The engine itself is in graph/node/ (Node) and graph/web/ (browser).

export { createAdamW, type Optimizer, type OptimizerOptions, type TrainedTensor } from "./adam-w.ts";
export type { AdamWOptions } from "./adam-w-program.ts";
export type { RunInputs, ShapedData } from "./bind-inputs.ts";
export {
  type Checkpoint,
  type CheckpointTensor,
  decodeCheckpoint,
  encodeCheckpoint,
  restoreCheckpoint,
  takeCheckpoint,
} from "./checkpoint.ts";
export { type CompiledInference, compileInference, type InferenceOptions } from "./compile-inference.ts";
export {
  compileTraining,
  type Evaluation,
  type StepResult,
  type Training,
  type TrainingOptions,
} from "./compile-training.ts";
export { constant, int64Vector } from "./constant.ts";
export { dropoutMask } from "./dropout-mask.ts";
export {
  type EmitOptions,
  emit,
  emitOne,
  type OutputSpec,
  recordGradient,
  recordGradients,
  withoutRecording,
} from "./emit.ts";
export { type ExportOptions, exportModel } from "./export-model.ts";
export { type GradOptions, grad } from "./grad.ts";
export {
  type Attribute,
  createGraph,
  type Graph,
  type GraphNode,
  type GraphOptions,
  type Initializer,
  type InputOptions,
  input,
  type ParameterOptions,
  parameter,
  state,
  type Tensor,
  updateState,
} from "./graph.ts";
export { copyInit, fanInInit, fillWith, normalInit, uniformInit } from "./initialize.ts";
export {
  constantSchedule,
  cosineSchedule,
  linearSchedule,
  type Schedule,
  type ScheduleOptions,
} from "./learning-rate.ts";
export { type DecodedModel, decodeModel } from "./onnx/decode-model.ts";
export { encodeModel, type OnnxInitializer, type OnnxModel, type OnnxValue } from "./onnx/encode-model.ts";
export { inspectModel, type ModelSummary } from "./onnx/inspect-model.ts";
export { abs } from "./ops/abs.ts";
export { add } from "./ops/add.ts";
export { argMax, argMin } from "./ops/arg-min.ts";
export { type AttentionOptions, attention } from "./ops/attention.ts";
export { type BatchNormOptions, type BatchNormTensors, batchNorm } from "./ops/batch-norm.ts";
export { binaryCrossEntropy } from "./ops/binary-cross-entropy.ts";
export { cast } from "./ops/cast.ts";
export { causalMask } from "./ops/causal-mask.ts";
export { clip } from "./ops/clip.ts";
export {
  equal,
  greater,
  greaterOrEqual,
  less,
  lessOrEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
} from "./ops/compare.ts";
export { concat } from "./ops/concat.ts";
export { type ConvolutionOptions, convolution } from "./ops/convolution.ts";
export { cos } from "./ops/cos.ts";
export { type CrossEntropyOptions, crossEntropy, rowCrossEntropy } from "./ops/cross-entropy.ts";
export { cumulativeSum } from "./ops/cumulative-sum.ts";
export { divide } from "./ops/divide.ts";
export { dropout } from "./ops/dropout.ts";
export { embedding } from "./ops/embedding.ts";
export { erf } from "./ops/erf.ts";
export { exp } from "./ops/exp.ts";
export { expand } from "./ops/expand.ts";
export { gelu } from "./ops/gelu.ts";
export { geluTanh } from "./ops/gelu-tanh.ts";
export { type GroupNormOptions, groupNorm } from "./ops/group-norm.ts";
export { layerNorm, type NormOptions } from "./ops/layer-norm.ts";
export { type LinearOptions, linear } from "./ops/linear.ts";
export { log } from "./ops/log.ts";
export { logSoftmax } from "./ops/log-softmax.ts";
export { type MatmulOptions, matmul } from "./ops/matmul.ts";
export { type FourBitOptions, type FourBitWeight, matmulFourBit } from "./ops/matmul-four-bit.ts";
export { maximum } from "./ops/maximum.ts";
export { mean } from "./ops/mean.ts";
export { meanSquaredError } from "./ops/mean-squared-error.ts";
export { minimum } from "./ops/minimum.ts";
export { multiply } from "./ops/multiply.ts";
export { negate } from "./ops/negate.ts";
export { oneHot } from "./ops/one-hot.ts";
export { type Padding, pad } from "./ops/pad.ts";
export { averagePool, maxPool, type PoolOptions } from "./ops/pool.ts";
export { reciprocal } from "./ops/reciprocal.ts";
export { reduceMax } from "./ops/reduce-max.ts";
export { relu } from "./ops/relu.ts";
export { reshape } from "./ops/reshape.ts";
export { reshapeByPattern } from "./ops/reshape-by-pattern.ts";
export { rmsNorm } from "./ops/rms-norm.ts";
export { rotaryEmbedding } from "./ops/rotary-embedding.ts";
export { ROW_DRAW_LIMIT, rowColumnDropout } from "./ops/row-column-dropout.ts";
export { segmentSum } from "./ops/segment-sum.ts";
export { sigmoid } from "./ops/sigmoid.ts";
export { silu } from "./ops/silu.ts";
export { sin } from "./ops/sin.ts";
export { type SliceRange, slice } from "./ops/slice.ts";
export { softmax } from "./ops/softmax.ts";
export { softplus } from "./ops/softplus.ts";
export { split } from "./ops/split.ts";
export { sqrt } from "./ops/sqrt.ts";
export { square } from "./ops/square.ts";
export { type Standardized, type StandardizeOptions, standardize } from "./ops/standardize.ts";
export { stopGradient } from "./ops/stop-gradient.ts";
export { straightThrough } from "./ops/straight-through.ts";
export { subtract } from "./ops/subtract.ts";
export { type ReduceOptions, sum } from "./ops/sum.ts";
export { take } from "./ops/take.ts";
export { tanh } from "./ops/tanh.ts";
export { transpose } from "./ops/transpose.ts";
export { where } from "./ops/where.ts";
export { zeros } from "./ops/zeros.ts";
export {
  createParameterStore,
  type ParameterStore,
  type ParameterStoreOptions,
  type StoredTensor,
} from "./parameter-store.ts";
export { type RotaryTableOptions, rotaryFrequencies, rotaryTable } from "./rotary-table.ts";
export type {
  BoundTensor,
  ExecutionProvider,
  HostTensor,
  Runtime,
  Session,
  SessionOptions,
} from "./runtime.ts";
export { elementCount, formatShape, type Shape, shapeError } from "./shape.ts";
export { type EncodeStoreOptions, encodeStore, type LoadStoreOptions, loadStore } from "./store-file.ts";
export { type Dtype, type TensorData, toTensorData } from "./tensor-data.ts";
