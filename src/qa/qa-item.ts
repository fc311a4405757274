// One question with its answer, traceable to the recordings, windows and template it came from (design 4.4).
import { z } from "zod";
import { DIMENSIONS, type Dimension } from "../record/statement.ts";

export const TASKS = ["closed-qa", "open-qa", "comparison-qa", "report", "prediction"] as const;
export type Task = (typeof TASKS)[number];

/** S: asks about signals, I: about images, C: compares two recordings. */
export const SUBSETS = ["S", "I", "C"] as const;
export type Subset = (typeof SUBSETS)[number];

/** A recording that an item asks about, and how it is shown. */
export type QaItemRecord = {
  /** Identity of the recording, e.g. `ptbxl:44`. */
  recordId: string;
  patientId: string;
  modality: "signal" | "image";
  /** Samples at 250 Hz of the recording that the question is about. */
  window: { startSample: number; endSample: number };
};

/** A statement of the record in the asked dimension: the auxiliary labels of the paper. */
export type QaItemLabel = {
  /** `scp:NORM`, `heartcare:left-axis-deviation`. */
  key: string;
  name: string;
  likelihood: number | null;
};

export type QaItem = {
  id: string;
  task: Task;
  subset: Subset;
  dimension?: Dimension | undefined;
  pair?: { modalities: "S-S" | "I-I" | "S-I"; relation: "consecutive" | "irrelevant" } | undefined;
  records: QaItemRecord[];
  /** Demographics and, when asked for, measured intervals. */
  context: string;
  instruction: string;
  /** Texts of A, B, C, ... in order; the instruction writes them as `A: text; B: text; ...`. */
  options?: string[] | undefined;
  /** `B: text` for a closed question, else free text; for a prediction `<pred>`. */
  answer: string;
  /** What the item asks, without phrasing: two items with one fact are paraphrases of each other. */
  fact: string;
  labels: QaItemLabel[];
  outputFormat: string;
  /** Dataset of origin: `ptbxl`, `ludb`, `challenge`, `ecg-qa`, `synthetic`, ... */
  source: string;
  templateId: string;
  seed: number;
};

/** Checks an item that comes from a file; unknown keys are errors. */
export const qaItemSchema: z.ZodType<QaItem> = z.strictObject({
  id: z.string(),
  task: z.enum(TASKS),
  subset: z.enum(SUBSETS),
  dimension: z.enum(DIMENSIONS).optional(),
  pair: z
    .strictObject({
      modalities: z.enum(["S-S", "I-I", "S-I"]),
      relation: z.enum(["consecutive", "irrelevant"]),
    })
    .optional(),
  records: z
    .array(
      z.strictObject({
        recordId: z.string(),
        patientId: z.string(),
        modality: z.enum(["signal", "image"]),
        window: z.strictObject({ startSample: z.int(), endSample: z.int() }),
      }),
    )
    .min(1)
    .max(2),
  context: z.string(),
  instruction: z.string(),
  options: z.array(z.string()).optional(),
  answer: z.string(),
  fact: z.string(),
  labels: z.array(z.strictObject({ key: z.string(), name: z.string(), likelihood: z.number().nullable() })),
  outputFormat: z.string(),
  source: z.string(),
  templateId: z.string(),
  seed: z.int(),
});
