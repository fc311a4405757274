// Reads signals from CSV, TSV and plain text: one column a channel, names and units from the header where it has them.
import { canonicalLead, STANDARD_LEADS } from "../../record/lead-names.ts";
import type { FileStore } from "../../shared/byte-source.ts";
import { readAll } from "../../shared/byte-source.ts";
import { EcgError } from "../../shared/errors.ts";
import type { RawChannel, RawRecording, SignalFileOptions } from "../raw-recording.ts";
import { sha256Hex } from "../sha256-hex.ts";
import {
  countSamplingRate,
  decideSamplingRate,
  risesEvenly,
  statedSamplingRate,
} from "./derive-sampling-rate.ts";
import { parseSignalText, type SignalText } from "./parse-signal-text.ts";

const TIME_NAME = /^(time|t|timestamps?|elapsed( time)?|seconds?|secs?|s|millis(econds)?|ms)$/i;
const INDEX_NAME = /^(|unnamed: \d+|index|idx|sample( ?(#|no\.?|number|index))?|samples|n|#)$/i;
/** Columns that rise evenly over fewer rows may be signals after all. */
const MIN_ROWS_OF_A_TIME = 8;

type Column = { readonly name: string; readonly unit: string; readonly values: Float64Array };
type TimeRole = "time" | "index" | undefined;

/**
 * Every channel of a text file.
 *
 * Names come from the header row, else from a comment (`Labels:= ECG`), else from `options.leadNames`, else
 * twelve columns are I II III aVR aVL aVF V1-V6, one is `ECG`, others are `ch1`, `ch2`, ... Units come from the
 * names (`I (uV)`, `V1 [mV]`, `II_uV`), else from a row of units, else from `options.unit`, else they are "".
 * A time or counter column is found by its name or by rising evenly, and is no channel.
 *
 * @throws EcgError INVALID_OPTION when no rate is stated, counted or given; INVALID_FILE for a text cell.
 */
export async function readCsvSignals(
  store: FileStore,
  path: string,
  options: SignalFileOptions = {},
): Promise<RawRecording> {
  const bytes = await readAll(store, path);
  const parsed = parseSignalText(new TextDecoder().decode(bytes), path);
  const columns = nameColumns(parsed, path, options);
  const { time, signals } = splitTime(columns, parsed);
  if (signals.length === 0) {
    throw new EcgError("INVALID_FILE", `${path}: expected at least one signal column, found only times`);
  }
  const stated = statedSamplingRate(parsed.comments);
  const counted =
    time?.role === "time"
      ? countSamplingRate({
          where: path,
          values: time.column.values,
          unit: timeUnit(time.column),
          decimals: parsed.firstColumnDecimals,
        })
      : undefined;
  const samplingRateHz = decideSamplingRate({
    where: path,
    ...(options.samplingRateHz !== undefined && { given: options.samplingRateHz }),
    ...(stated !== undefined && { stated }),
    ...(counted !== undefined && { counted }),
  });
  return {
    name: path,
    samplingRateHz,
    sampleCount: signals[0]!.values.length,
    channels: signals.map(toChannel),
    comments: parsed.comments,
    sha256: await sha256Hex(bytes),
    leftOut: time ? [`${time.column.name || "column 1"}: ${time.role} of the samples`] : [],
  };
}

function toChannel(column: Column): RawChannel {
  return { name: column.name, unit: column.unit, samples: column.values, samplesPerFrame: 1 };
}

function nameColumns(parsed: SignalText, path: string, options: SignalFileOptions): Column[] {
  const names = parsed.header ?? labelsOfComments(parsed);
  return parsed.columns.map((values, index): Column => {
    const stated = splitUnit(names?.[index] ?? "");
    const unit = stated.unit || unitOf(parsed.units?.[index] ?? "") || options.unit || "";
    if (names) return { name: stated.name, unit, values };
    return { name: unnamed(index, parsed.columns, path, options), unit, values };
  });
}

/** Channel names of a file without any. A leading time column, found by its values, has none. */
function unnamed(
  index: number,
  columns: readonly Float64Array[],
  path: string,
  options: SignalFileOptions,
): string {
  const first = columns.length > 1 && isCounter(columns[0]!) ? 1 : 0;
  const count = columns.length - first;
  const at = index - first;
  if (at < 0) return "";
  if (options.leadNames) {
    if (options.leadNames.length !== count) {
      throw new EcgError(
        "INVALID_OPTION",
        `${path}: expected ${count} lead names for ${count} columns, got ${options.leadNames.length}`,
      );
    }
    return options.leadNames[at]!;
  }
  if (count === STANDARD_LEADS.length) return STANDARD_LEADS[at]!;
  return count === 1 ? "ECG" : `ch${at + 1}`;
}

/** BioSPPy's `Labels:= ECG`; several are separated by tabs or commas. */
function labelsOfComments(parsed: SignalText): readonly string[] | undefined {
  for (const comment of parsed.comments) {
    const labels = /^labels\s*:?=\s*(.+)$/i.exec(comment)?.[1]?.split(/[\t,;]+/);
    if (labels?.length === parsed.columns.length) return labels.map((label) => label.trim());
  }
  return undefined;
}

/** `I (uV)`, `I [uV]`, `I_uV`, `I/uV` -> name and unit; micro signs become `u`. */
function splitUnit(text: string): { name: string; unit: string } {
  const plain = text.trim();
  const inBrackets = /^(.*?)\s*[([]\s*([^()[\]]+?)\s*[)\]]$/.exec(plain);
  if (inBrackets) return { name: inBrackets[1]!.trim(), unit: unitOf(inBrackets[2]!) };
  const suffix = /^(.*?)[\s_/-]+([uµμm]v)$/i.exec(plain);
  if (suffix) return { name: suffix[1]!.trim(), unit: unitOf(suffix[2]!) };
  const timeSuffix = /^(time|t)[\s_]+(s|sec|seconds|ms)$/i.exec(plain);
  return timeSuffix ? { name: timeSuffix[1]!, unit: timeSuffix[2]! } : { name: plain, unit: "" };
}

function unitOf(text: string): string {
  const unit = text.trim().replace(/^[µμ]/, "u");
  return { uv: "uV", mv: "mV", v: "V" }[unit.toLowerCase()] ?? unit;
}

function splitTime(
  columns: readonly Column[],
  parsed: SignalText,
): { time?: { column: Column; role: "time" | "index" }; signals: readonly Column[] } {
  const [first, ...rest] = columns;
  if (!first || rest.length === 0) return { signals: columns };
  const role = timeRole(first, parsed.header !== undefined);
  return role ? { time: { column: first, role }, signals: rest } : { signals: columns };
}

function timeRole(column: Column, named: boolean): TimeRole {
  if (canonicalLead(column.name)) return undefined;
  if (named && INDEX_NAME.test(column.name)) return "index";
  if (named && TIME_NAME.test(column.name)) return "time";
  if (!isCounter(column.values)) return undefined;
  return column.values[1]! - column.values[0]! === 1 ? "index" : "time";
}

function isCounter(values: Float64Array): boolean {
  return values.length >= MIN_ROWS_OF_A_TIME && risesEvenly(values);
}

function timeUnit(column: Column): "s" | "ms" | undefined {
  const text = `${column.name} ${column.unit}`.toLowerCase();
  if (/\b(ms|millis\w*)\b/.test(text)) return "ms";
  return /\b(s|secs?|seconds?)\b|ss\.m/.test(text) ? "s" : undefined;
}
