// Reads the text of a WFDB header. Format: WFDB Applications Guide, header(5).
import { EcgError } from "../../shared/errors.ts";
import { parseBaseMoment } from "./parse-base-moment.ts";
import type { WfdbHeader, WfdbSegment, WfdbSignal } from "./wfdb-header.ts";

const DEFAULT_SAMPLING_RATE_HZ = 250;
const DEFAULT_GAIN = 200;
const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;
const RATE = new RegExp(`^(${NUMBER})(?:/(${NUMBER})(?:\\((${NUMBER})\\))?)?$`);
const STORAGE = /^(\d+)(?:x(\d+))?(?::(\d+))?(?:\+(\d+))?$/;
const GAIN = new RegExp(`^(?=.)(${NUMBER})?(?:\\(([-+]?\\d+)?(?:\\.0*)?\\))?(?:/(\\S*))?$`);
const NO_NUMBER = /^[-+]?(?:nan|inf|infinity)(?:[(/\s]|$)/i;
const INTEGER = /^[-+]?\d+$/;
const LENGTH = /^\d+(?:\.0*)?$/;

/**
 * Read a header: record line, signal or segment lines, comments.
 *
 * Blank lines, outer blanks, tabs, CR LF, a byte order mark and comments anywhere are understood; so are
 * both orders of base time and date and `12-May-2020` beside `12/05/2020` (the PhysioNet Challenges' headers).
 * Missing fields get the format's own defaults (see {@link WfdbHeader}).
 *
 * @param where what error messages name, e.g. the header's path.
 * @throws EcgError INVALID_FILE when a line is malformed or the number of lines is not the promised one.
 * Source: WFDB Applications Guide, header(5).
 */
export function parseWfdbHeader(text: string, where: string): WfdbHeader {
  const { lines, comments } = splitLines(text);
  const [recordLine, ...rest] = lines;
  if (recordLine === undefined) {
    throw new EcgError("INVALID_FILE", `${where}: expected a record line, found no line but comments`, {
      hint: "the header is empty; fetch it again",
    });
  }
  const record = parseRecordLine(recordLine, where);
  if (record.segmentCount === undefined) {
    checkLineCount(where, "signal", record.signalCount, rest.length);
    const signals = rest.map((line, index) => parseSignalLine(line, index, where));
    return { ...record.header, signals, comments };
  }
  checkLineCount(where, "segment", record.segmentCount, rest.length);
  return {
    ...record.header,
    signals: [],
    segments: rest.map((line) => parseSegmentLine(line, where)),
    comments,
  };
}

function splitLines(text: string): { lines: string[]; comments: string[] } {
  const lines: string[] = [];
  const comments: string[] = [];
  for (const raw of text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/)) {
    const line = raw.trim();
    if (line.startsWith("#")) comments.push(line.replace(/^#+/, "").trim());
    else if (line !== "") lines.push(line);
  }
  return { lines, comments };
}

function checkLineCount(where: string, kind: "signal" | "segment", promised: number, found: number): void {
  if (promised === found) return;
  throw new EcgError(
    "INVALID_FILE",
    `${where}: record line promises ${promised} ${kind}s, found ${found} ${kind} lines`,
    {
      hint: found < promised ? "the header looks truncated; fetch it again" : "correct the header",
      details: { promised, found },
    },
  );
}

type RecordLine = {
  readonly signalCount: number;
  readonly segmentCount: number | undefined;
  readonly header: Omit<WfdbHeader, "signals" | "segments" | "comments">;
};

function parseRecordLine(line: string, where: string): RecordLine {
  const [nameField = "", countField = "", rateField, ...rest] = line.split(/\s+/);
  const name = /^(.*?)(?:\/(\d+))?$/.exec(nameField);
  const signalCount = INTEGER.test(countField) ? Number(countField) : Number.NaN;
  if (!name?.[1] || !(signalCount >= 0)) {
    throw malformed(where, "record line `name[/segments] signals [rate [samples [time [date]]]]`", line);
  }
  const rate = RATE.exec(rateField ?? String(DEFAULT_SAMPLING_RATE_HZ));
  const stated = Number(rate?.[1]);
  if (!rate || !(stated >= 0) || !Number.isFinite(stated)) {
    throw malformed(where, "a sampling rate of 0 or more Hz in the record line", rateField ?? "");
  }
  const samplingRateHz = stated === 0 ? DEFAULT_SAMPLING_RATE_HZ : stated;
  const lengthStated = rest[0] !== undefined && LENGTH.test(rest[0]);
  const sampleCount = lengthStated ? Number(rest[0]) : 0;
  const fields = lengthStated ? rest.slice(1) : rest;
  const moments = fields.map(parseBaseMoment);
  const baseTime = moments.find((moment) => moment.time !== undefined)?.time;
  const baseDate = moments.find((moment) => moment.date !== undefined)?.date;
  const unread = fields.filter((_, i) => moments[i]?.time === undefined && moments[i]?.date === undefined);
  return {
    signalCount,
    segmentCount: name[2] === undefined ? undefined : Number(name[2]),
    header: {
      name: name[1],
      signalCount,
      samplingRateHz,
      ...(rate[2] === undefined ? {} : { counterRateHz: Number(rate[2]) }),
      ...(rate[3] === undefined ? {} : { baseCounter: Number(rate[3]) }),
      ...(sampleCount === 0 ? {} : { sampleCount }),
      ...(baseTime === undefined ? {} : { baseTime }),
      ...(baseDate === undefined ? {} : { baseDate }),
      ...(unread.length === 0 ? {} : { unread }),
    },
  };
}

function parseSignalLine(line: string, index: number, where: string): WfdbSignal {
  const fields = /^(\S+)\s+(\S+)\s*(.*)$/.exec(line);
  const storage = STORAGE.exec(fields?.[2] ?? "");
  if (!fields?.[1] || !storage) {
    throw malformed(where, `signal line ${index} \`file format[xSPF][:skew][+offset] ...\``, line);
  }
  let rest = fields[3] ?? "";
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    const [field = ""] = rest.split(/\s+/, 1);
    const match = pattern.exec(field);
    if (!match) return undefined;
    rest = rest.slice(field.length).trimStart();
    return match;
  };
  const takeInteger = (): number | undefined => {
    const match = take(INTEGER);
    return match && Number(match[0]);
  };
  if (NO_NUMBER.test(rest)) throw malformed(where, `a finite gain in signal line ${index}`, line);
  const gain = take(GAIN);
  const adcResolutionBits = gain && takeInteger();
  const adcZero = adcResolutionBits === undefined ? undefined : takeInteger();
  const initialValue = adcZero === undefined ? undefined : takeInteger();
  const checksum = initialValue === undefined ? undefined : takeInteger();
  const blockSize = checksum === undefined ? undefined : takeInteger();
  return {
    fileName: fields[1],
    format: Number(storage[1]),
    samplesPerFrame: Math.max(1, Number(storage[2] ?? 1)),
    skewFrames: Number(storage[3] ?? 0),
    byteOffset: Number(storage[4] ?? 0),
    gain: Number(gain?.[1] ?? 0) || DEFAULT_GAIN,
    baseline: Number(gain?.[2] ?? adcZero ?? 0),
    unit: gain?.[3] || "mV",
    ...(adcResolutionBits === undefined ? {} : { adcResolutionBits }),
    adcZero: adcZero ?? 0,
    initialValue: initialValue ?? adcZero ?? 0,
    ...(checksum === undefined ? {} : { checksum }),
    ...(blockSize === undefined ? {} : { blockSize }),
    name: rest.trim() || `signal ${index}`,
  };
}

function parseSegmentLine(line: string, where: string): WfdbSegment {
  const fields = /^(\S+)\s+(\d+)(?:\s|$)/.exec(line);
  if (!fields?.[1]) throw malformed(where, "segment line `name samples`", line);
  return { name: fields[1], sampleCount: Number(fields[2]) };
}

function malformed(where: string, expected: string, found: string): EcgError {
  return new EcgError("INVALID_FILE", `${where}: expected ${expected}, found ${JSON.stringify(found)}`, {
    hint: "see header(5) of the WFDB Applications Guide",
  });
}
