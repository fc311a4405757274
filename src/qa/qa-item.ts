// One question with its answer, traceable to the recordings, windows and template it came from (design 4.4).
import { z } from "zod";

export const TASKS = ["closed-qa", "open-qa", "comparison-qa", "report", "prediction"] as const;
export type Task = (typeof TASKS)[number];

/** S: asks about signals, I: about images, C: compares two recordings. */
export const SUBSETS = ["S", "I", "C"] as const;
export type Subset = (typeof SUBSETS)[number];

const itemRecord = z.strictObject({
  /** Identity of the recording, e.g. `ptbxl:44`. */
  recordId: z.string(),
  patientId: z.string(),
  modality: z.enum(["signal", "image"]),
  /** Samples at 250 Hz of the recording that the question is about. */
  window: z.strictObject({ startSample: z.int(), endSample: z.int() }),
});

const itemLabel = z.strictObject({
  /** `scp:NORM`, `heartcare:left-axis-deviation`. */
  key: z.string(),
  name: z.string(),
  likelihood: z.number().nullable(),
});

export const qaItemSchema = z.strictObject({
  id: z.string(),
  task: z.enum(TASKS),
  subset: z.enum(SUBSETS),
  dimension: z.enum(["diagnosis", "waveform", "rhythm", "misc"]).optional(),
  pair: z
    .strictObject({
      modalities: z.enum(["S-S", "I-I", "S-I"]),
      relation: z.enum(["consecutive", "irrelevant"]),
    })
    .optional(),
  records: z.array(itemRecord).min(1).max(2),
  /** Demographics and, when asked for, measured intervals. */
  context: z.string(),
  instruction: z.string(),
  /** Texts of A, B, C, ... in order; the instruction writes them as `A: text; B: text; ...`. */
  options: z.array(z.string()).optional(),
  /** `B: text` for a closed question, else free text; for a prediction `<pred>`. */
  answer: z.string(),
  /** What the item asks, without phrasing: two items with one fact are paraphrases of each other. */
  fact: z.string(),
  /** Statements of the record(s) in the asked dimension: the auxiliary labels of the paper. */
  labels: z.array(itemLabel),
  outputFormat: z.string(),
  /** Dataset of origin: `ptbxl`, `ludb`, `challenge`, `ecg-qa`, `synthetic`, ... */
  source: z.string(),
  templateId: z.string(),
  seed: z.int(),
});

export type QaItem = z.infer<typeof qaItemSchema>;
export type QaItemRecord = z.infer<typeof itemRecord>;
