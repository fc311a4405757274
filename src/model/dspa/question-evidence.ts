// questionEvidence: what an answer rests on: the model, the segments, the pictures, the measured values, the context.
import type { EcgInput, PageFacts, ShownAs } from "./ecg-input.ts";
import type { AnswerEvidence, HeartcareModel, ShownTiles } from "./heartcare-model.ts";

export type EvidenceSegment = {
  /** Seconds of the file; a start before the shown part is padding. */
  readonly startSeconds: number;
  readonly endSeconds: number;
  /** Core codes of the tokenizer. */
  readonly core: readonly number[];
};

export type MeasuredValues = {
  readonly heartRateBpm: number | null;
  readonly prMs: number | null;
  readonly qrsMs: number | null;
  readonly qtcMs: number | null;
  readonly axisDegrees: number | null;
};

export type RecordingEvidence = {
  readonly id: string;
  readonly shownAs: ShownAs;
  /** Part of the file that was shown, in seconds; null for a page. */
  readonly window: { readonly startSeconds: number; readonly endSeconds: number } | null;
  readonly segments: readonly EvidenceSegment[];
  readonly images: readonly (ShownTiles & { readonly page: PageFacts | null })[];
  /** The measured values that went in as text; null where none did. */
  readonly measured: MeasuredValues | null;
  /** The words that they went in as, with the rules' reading; "" without. */
  readonly measuredText: string;
};

export type QuestionEvidence = {
  readonly model: string;
  /** The tokenizer whose codes the segments are. */
  readonly tokenizer: string;
  readonly recordings: readonly RecordingEvidence[];
  /** The text behind `<text>`. */
  readonly context: string;
  /** Length of the prompt without the question. */
  readonly promptTokens: number;
};

/** The model's own account in seconds of the files, with ids and values. */
export function questionEvidence(
  model: Pick<HeartcareModel, "id" | "config">,
  inputs: readonly EcgInput[],
  evidence: AnswerEvidence,
): QuestionEvidence {
  return {
    model: model.id,
    tokenizer: model.config.signal.tokenizer,
    recordings: inputs.map((input, index) => recordingEvidence(input, evidence.recordings[index])),
    context: evidence.context,
    promptTokens: evidence.promptTokens,
  };
}

function recordingEvidence(
  input: EcgInput,
  shown: AnswerEvidence["recordings"][number] | undefined,
): RecordingEvidence {
  const { recording, page } = input;
  const measuredText = shown?.measuredText ?? "";
  const rate = recording?.cleaned.samplingRateHz ?? 1;
  const start = recording ? recording.startSeconds + recording.window.startSample / rate : 0;
  return {
    id: input.id,
    shownAs: input.shownAs,
    window: recording ? { startSeconds: start, endSeconds: start + input.seconds } : null,
    segments: (shown?.segments ?? []).map((segment) => ({
      startSeconds: start + segment.startSeconds,
      endSeconds: start + segment.endSeconds,
      core: segment.core,
    })),
    images: (shown?.images ?? []).map((tiles) => ({ ...tiles, page: page ?? null })),
    measured: measuredText === "" ? null : measuredValues(input),
    measuredText,
  };
}

function measuredValues({ measurements: measured }: EcgInput): MeasuredValues | null {
  if (!measured) return null;
  return {
    heartRateBpm: measured.heartRateBpm,
    prMs: measured.prMs,
    qrsMs: measured.qrsMs,
    qtcMs: measured.qtc?.bazettMs ?? null,
    axisDegrees: measured.axisDegrees.qrs,
  };
}
