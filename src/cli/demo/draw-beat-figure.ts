// The demo's look at Beat: one recording as tokens, back as a signal, and what the tokens say comes next.
import type { BeatTokenizer } from "../../beat/tokenizer.ts";
import type { DatasetRecord } from "../../dataset/dataset-record.ts";
import { comparisonSvg } from "../../images/comparison-svg.ts";
import type { EcgRecord } from "../../record/ecg-record.ts";
import { createLeadMatrix, type LeadMatrix, leadSamples, sliceSamples } from "../../record/lead-matrix.ts";
import { STANDARD_LEADS } from "../../record/lead-names.ts";

/** Leads shown: a limb lead and three chest leads tell shape and progression. */
const SHOWN = ["II", "V1", "V2", "V5"] as const;

export type BeatFigure = {
  readonly svg: string;
  readonly recordingId: string;
  /** Pairs of codes of the shown segment, `core-residual`. */
  readonly tokens: readonly string[];
};

/**
 * Encode the 4 s before the last 2 s of a cleaned recording, decode them, forecast the 2 s, draw all three.
 * Undefined for a recording shorter than that or without the shown leads.
 */
export async function drawBeatFigure(
  tokenizer: BeatTokenizer,
  record: DatasetRecord,
  signal: LeadMatrix,
): Promise<BeatFigure | undefined> {
  const { config } = tokenizer;
  const needed = config.inputSamples + config.predictionSamples;
  if (signal.sampleCount < needed || SHOWN.some((lead) => !record.leads.includes(lead))) return undefined;
  const start = signal.sampleCount - needed;
  const past = asRecord(record, sliceSamples(signal, start, start + config.inputSamples));
  const codes = await tokenizer.encode(past, { prepared: true });
  const [first] = codes;
  if (!first) return undefined;
  const decoded = await tokenizer.decode(codes);
  const seconds = config.predictionSamples / config.samplingRateHz;
  const forecast = await tokenizer.forecast(past, seconds, { prepared: true });
  const original = pickLeads(sliceSamples(signal, start, signal.sampleCount), record.leads);
  const svg = comparisonSvg(
    {
      leads: [...SHOWN],
      samplingRateHz: config.samplingRateHz,
      original,
      reconstruction: pickLeads(decoded.signal, STANDARD_LEADS),
      prediction: pickLeads(forecast.signal, STANDARD_LEADS),
      predictionStartSample: config.inputSamples,
    },
    { columns: 2 },
  );
  const tokens = first.core.map((core, index) => `${core}-${first.residual[index] ?? 0}`);
  return { svg, recordingId: record.identity.recordingId, tokens };
}

function asRecord(record: DatasetRecord, signal: LeadMatrix): EcgRecord {
  return {
    id: record.identity.recordingId,
    samplingRateHz: record.samplingRateHz,
    leads: record.leads,
    signal,
    patient: {},
    statements: [],
    sourceLabels: [],
    labelScope: [],
    identity: record.identity,
    provenance: { format: record.source, path: record.original.path, sha256: record.original.sha256 },
  };
}

function pickLeads(signal: LeadMatrix, names: readonly string[]): LeadMatrix {
  const out = createLeadMatrix(SHOWN.length, signal.sampleCount);
  for (const [row, lead] of SHOWN.entries())
    leadSamples(out, row).set(leadSamples(signal, names.indexOf(lead)));
  return out;
}
