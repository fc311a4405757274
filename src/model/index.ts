// model/: language models, vision and text encoders from Hugging Face folders; LoRA, generation, tokenizers.
export {
  type LanguageConfig,
  languageConfigJson,
  parseLanguageConfig,
  type RotaryConfig,
} from "./config/language-config.ts";
export {
  type ModelConfig,
  readLanguageConfig,
  readModelConfig,
  readTextEncoderConfig,
  readVisionConfig,
} from "./config/read-model-config.ts";
export type { TextEncoderConfig } from "./config/text-encoder-config.ts";
export {
  type ImagePreparation,
  parseImagePreparation,
  parseVisionConfig,
  type VisionConfig,
  visionConfigJson,
} from "./config/vision-config.ts";
export {
  type AskOptions,
  askQuestion,
  askShown,
  type QuestionAnswer,
  showInputs,
} from "./dspa/ask-question.ts";
export { buildHeartcare, type HeartcareGraph, type HeartcareParts } from "./dspa/build-heartcare.ts";
export {
  type PromptFrame,
  type PromptPlace,
  promptFrame,
  promptPrefix,
  promptQuestion,
} from "./dspa/build-prompt.ts";
export { describeMeasurements } from "./dspa/describe-measurements.ts";
export { drawTiles } from "./dspa/draw-tiles.ts";
export type { EarlierTurn } from "./dspa/earlier-turns.ts";
export type { EcgInput, PreparedEcg } from "./dspa/ecg-input.ts";
export type { EcgReport } from "./dspa/ecg-report.ts";
export { type HeartcareConfig, readHeartcareConfig } from "./dspa/heartcare-config.ts";
export {
  type AnswerEvidence,
  type ClosedAnswer,
  createHeartcareModel,
  type HeartcareModel,
  type ShownEcg,
  type ShownPrompt,
  type ShownTiles,
  type StatementEvidence,
} from "./dspa/heartcare-model.ts";
export { type LoadHeartcareOptions, loadHeartcareModel } from "./dspa/load-heartcare-model.ts";
export { preparedOfDataset, prepareEcg } from "./dspa/prepare-ecg.ts";
export { promptContext } from "./dspa/prompt-context.ts";
export { type ReadStatement, readStatements } from "./dspa/read-statements.ts";
export { showPage } from "./dspa/show-page.ts";
export { showRecording } from "./dspa/show-recording.ts";
export { writeEcgReport } from "./dspa/write-report.ts";
export { encodeLanguageOnnx, type LanguageOnnxDescription } from "./export/encode-language-onnx.ts";
export {
  createDecoderSession,
  type DecoderSession,
  type DecoderSessionOptions,
  type NewTokens,
} from "./generate/decoder-session.ts";
export {
  type FinishReason,
  type GeneratedText,
  type GenerateTextOptions,
  generateText,
  streamText,
  type TextEvent,
} from "./generate/generate-text.ts";
export {
  collectTokens,
  type GenerateOptions,
  generateTokens,
  type Prompt,
  readPrompts,
  type TokenEvent,
} from "./generate/generate-tokens.ts";
export { createJsonConstraint } from "./generate/json-constraint.ts";
export type { JsonSchema } from "./generate/json-schema-grammar.ts";
export { copyCache, createCache, type KeyValueCache, truncateCache } from "./generate/key-value-cache.ts";
export { type FourBitSettings, loadFourBitSession } from "./generate/load-four-bit-session.ts";
export {
  type LoadedLanguageModel,
  type LoadLanguageModelOptions,
  languageStore,
  loadLanguageModel,
} from "./generate/load-language-model.ts";
export { type SampledToken, type SamplingOptions, sampleToken } from "./generate/sample-token.ts";
export {
  type ChooseOptions,
  chooseOption,
  type OptionChoice,
  type OptionScore,
  scoreOptions,
} from "./generate/score-options.ts";
export { createTextStream, type TextStream } from "./generate/stop-strings.ts";
export type { ConstraintReader, TokenConstraint } from "./generate/token-constraint.ts";
export {
  buildDecoder,
  type DecoderInputs,
  type DecoderOutputs,
  type DecoderParts,
  decoderHead,
  EMBEDDING_NAME,
  finalNorm,
  HEAD_NAME,
} from "./language/build-decoder.ts";
export {
  buildLanguageModel,
  countedPositions,
  LANGUAGE_INPUTS,
  type LanguageBatch,
  type LanguageModel,
  type LanguageModelOptions,
  languageInputs,
  nextTokenTargets,
} from "./language/build-language-model.ts";
export {
  type Dense,
  type DenseLayer,
  fixedDense,
  fourBitDense,
  varyingDense,
} from "./layers/dense.ts";
export { type ModelWeights, type ModelWeightsOptions, modelWeights } from "./layers/model-weights.ts";
export {
  ADAPTER_CONFIG_FILE,
  ADAPTER_MODEL_FILE,
  adapterOfStore,
  encodeAdapter,
  type LoraAdapter,
  type LoraMatrices,
  loadAdapter,
  readAdapter,
  readAdapterTensors,
} from "./lora/adapter-folder.ts";
export {
  adaptationOf,
  LORA_TARGETS,
  type LoraConfig,
  loraConfigJson,
  paperLoraConfig,
  parseLoraConfig,
} from "./lora/lora-config.ts";
export { drawLoraDropout, isLoraName, type LoraDenseOptions, loraDense } from "./lora/lora-dense.ts";
export { mergeAdapter, unmergeAdapter } from "./lora/merge-adapter.ts";
export {
  type BertScore,
  bertScore,
  bestScore,
  type EmbeddedText,
  inverseDocumentWeight,
  type TokenWeight,
  uniformWeight,
} from "./text-encoder/bert-score.ts";
export {
  type BertScorer,
  type BertScorerOptions,
  createBertScorer,
} from "./text-encoder/create-bert-scorer.ts";
export {
  type LoadedTextEncoder,
  type LoadTextEncoderOptions,
  loadTextEncoder,
  type TextBatch,
} from "./text-encoder/load-text-encoder.ts";
export { addTokens, ECG_TOKENS, growConfig, growTable } from "./tokenizer/grow-vocabulary.ts";
export {
  createTokenizer,
  loadTokenizer,
  requireTokens,
  type TextTokenizer,
  type TokenizerFiles,
} from "./tokenizer/load-tokenizer.ts";
export { type ChatTurn, type RenderChatOptions, renderChat } from "./tokenizer/render-chat.ts";
export { type TrainBpeOptions, trainBpe } from "./tokenizer/train-bpe.ts";
export {
  buildVisionEncoder,
  encodePatches,
  PATCHES_INPUT,
  patchesPerSide,
  type VisionOutputs,
  type VisionParts,
} from "./vision/build-vision-encoder.ts";
export { patchRows } from "./vision/patch-rows.ts";
export { prepareImage } from "./vision/prepare-image.ts";
export { type PixelImage, resizeBicubic } from "./vision/resize-bicubic.ts";
export {
  findTensorNames,
  LANGUAGE_NAMES,
  type NamingRule,
  TEXT_ENCODER_NAMES,
  VISION_NAMES,
} from "./weights/find-tensor-names.ts";
export { type LoadWeightsOptions, loadWeights } from "./weights/load-weights.ts";
export { openWeights } from "./weights/open-weights.ts";
export { type QuantiseOptions, quantiseBlocks, restoreBlocks } from "./weights/quantise-blocks.ts";
