// HeartcareGPT as a model of the benchmark: what a question shows goes in, text comes out.
import type { LeadTile } from "../../images/lead-tiles.ts";
import { drawTiles } from "../../model/dspa/draw-tiles.ts";
import { inputContext } from "../../model/dspa/ecg-input.ts";
import type {
  ClosedAnswer,
  HeartcareModel,
  ShownEcg,
  ShownPrompt,
} from "../../model/dspa/heartcare-model.ts";
import type { EcgRecord } from "../../record/ecg-record.ts";
import type { BenchAnswer, BenchInput, BenchModel, BenchQuestion } from "../bench-model.ts";
import { createRecentValues, type RecentValues } from "../recent-values.ts";
import { beatForecaster } from "./beat-forecaster.ts";
import { showPng } from "./show-png.ts";
import { windowRecord } from "./window-record.ts";

export type HeartcareBenchOptions = {
  /** Name in logs. Default: the model's id. */
  readonly id?: string;
  /** Default "1". */
  readonly version?: string;
  /** Show nothing: no signal, no picture, no measured text. Context and question stay. */
  readonly withhold?: "all";
  /** Show signals and pages without the text of what was measured on them. */
  readonly withoutMeasured?: boolean;
  /** Closed questions by what is said behind each option alone, without what is read before. */
  readonly textAlone?: boolean;
  /** Show a signal as a signal and as lead tiles drawn from it. Questions about pages are then left out. */
  readonly as?: "both";
  /** Longest free answer in tokens. Default 160. */
  readonly maxNewTokens?: number;
  /** Told of every closed answer with the shares of its options; the log gets the text alone. */
  readonly onChoice?: (question: BenchQuestion, choice: ClosedAnswer) => void;
};

/** Prompts kept: items are asked in the order of their recordings. */
const KEPT_PROMPTS = 8;
/** Pages kept as tiles, about 200 kB each: pairs come back to a recording much later. */
const KEPT_PAGES = 320;

/**
 * Closed questions are answered by the option held most clearly right, others in words, a forecast is the tokenizer's own. Only the
 * plain model forecasts. A page that cannot be segmented is a failed answer. Who opened the model disposes it.
 */
export function heartcareBench(model: HeartcareModel, options: HeartcareBenchOptions = {}): BenchModel {
  const { withhold, withoutMeasured, textAlone = false, as } = options;
  const plain = withhold === undefined && !withoutMeasured && !textAlone && as === undefined;
  const forecaster = beatForecaster(model.beat);
  const prompts = createRecentValues<ShownPrompt>(KEPT_PROMPTS);
  const pages = createRecentValues<ShownPng>(KEPT_PAGES);
  const signalOnly = as === "both" || (model.vision === undefined && withhold === undefined);
  return {
    id: options.id ?? model.id,
    version: options.version ?? "1",
    tasks: ["closed-qa", "open-qa", "comparison-qa", "report", ...(plain ? (["prediction"] as const) : [])],
    ...(signalOnly ? { modalities: ["signal"] as const } : {}),
    async answer(question, signal): Promise<BenchAnswer> {
      const { item, inputs } = question;
      if (item.task === "prediction") return forecaster.answer(question, signal);
      const shown = await prompts(promptKey(question), async () => {
        const ecgs: ShownEcg[] = [];
        for (const input of inputs) ecgs.push(await showInput(input, { model, options, pages }));
        return model.show(ecgs, item.context);
      });
      if (item.options && item.options.length > 0) {
        const choice = await model.choose(shown, item.instruction, item.options, { textAlone });
        options.onChoice?.(question, choice);
        return { text: choice.text };
      }
      const { text } = await model.answer(shown, item.instruction, {
        maxNewTokens: options.maxNewTokens ?? 160,
        ...(signal ? { signal } : {}),
      });
      return { text: text.trim() };
    },
  };
}

function promptKey({ item, inputs }: BenchQuestion): string {
  return [item.context, ...inputs.map(inputKey)].join("\u001f");
}

function inputKey({ record, modality, window }: BenchInput): string {
  return `${record.id}@${modality}:${window.startSample}-${window.endSample}`;
}

type ShownPng = ReturnType<typeof showPng>;

type ShowTools = {
  readonly model: HeartcareModel;
  readonly options: HeartcareBenchOptions;
  readonly pages: RecentValues<ShownPng>;
};

async function showInput(input: BenchInput, { model, options, pages }: ShowTools): Promise<ShownEcg> {
  if (options.withhold === "all") return {};
  const { patient } = input.record;
  const context = contextOf(input);
  const { withoutMeasured } = options;
  if (input.modality === "image") {
    const page = await pages(inputKey(input), async () => showPng(await input.readImage(), model));
    return {
      images: page.images,
      context,
      patient,
      measurements: withoutMeasured ? null : page.measurements,
    };
  }
  const record = await windowRecord(input);
  const prepared = record.samplingRateHz === model.config.signal.samplingRateHz;
  return {
    signal: { record, prepared },
    ...(options.as === "both" ? { images: [drawnTiles(record, model)] } : {}),
    measurements: withoutMeasured ? null : input.record.measurements,
    context,
    patient,
  };
}

function contextOf({ record, modality, window }: BenchInput): string {
  const seconds = (window.endSample - window.startSample) / record.samplingRateHz;
  return inputContext(modality, { leadCount: record.leads.length, seconds, patient: record.patient });
}

/** Tiles of the signal itself; none for a model without a vision encoder. */
function drawnTiles(record: EcgRecord, { config, vision }: HeartcareModel): readonly LeadTile[] {
  return vision ? drawTiles(record, { config, vision }) : [];
}
