// ECG-QA questions as items (Oh et al., NeurIPS 2023; Jwoo5/ecg-qa v1.0.2): their wording, our contract.
import { findStatementByName } from "../labels/find-statement.ts";
import type { Dimension } from "../record/statement.ts";
import type { Modality } from "./plan/closed-question.ts";
import type { QaItem, Task } from "./qa-item.ts";
import type { QaRecord } from "./qa-record.ts";
import { type ItemOptions, itemContext, itemIdentity, itemRecord, subsetOf } from "./tasks/item-parts.ts";
import { capitalized } from "./templates/fill-template.ts";
import { optionAnswer, placeRight, withOptions } from "./write-options.ts";

/** What is needed of an entry; `sources/ecg-qa` reads them. */
export type EcgQaQuestion = {
  readonly templateId: number;
  readonly sampleId: number;
  /** `single-verify`, `single-choose`, `single-query`, `comparison_consecutive-verify`, ... */
  readonly questionType: string;
  /** `scp_code`, `noise`, `stage_of_infarction`, `extra_systole`, `heart_axis`, `numeric_feature`. */
  readonly attributeType: string;
  readonly question: string;
  /** A set. */
  readonly answers: readonly string[];
  /** One recording, or first and second. */
  readonly recordingIds: readonly string[];
  readonly attributes?: readonly string[];
};

export type EcgQaItemOptions = ItemOptions & {
  /** How the recordings are shown; default signal. */
  readonly modality?: Modality;
};

const OPTION_FORMAT = "The letter and text of one option, e.g. `B: text`.";

/**
 * The item of an ECG-QA question; undefined when one of its recordings is not among `records`.
 *
 * Verify questions have the options yes, no and not sure; choose questions their two attributes, both and none:
 * closed for one recording, comparison for two. Queries have a set as answer, written as a list, and no options:
 * they become open questions (on a pair, with its relation). Dimension: noise, axis, extrasystole and infarction
 * stage are misc, SCP attributes that of the statement they name, numeric features none.
 */
export function itemFromEcgQa(
  question: EcgQaQuestion,
  records: ReadonlyMap<string, QaRecord>,
  options: EcgQaItemOptions,
): QaItem | undefined {
  const shown = question.recordingIds.map((id) => records.get(id));
  const known = shown.filter((record): record is QaRecord => record !== undefined);
  const [first, second] = known;
  if (known.length !== shown.length || first === undefined) return undefined;
  const modality = options.modality ?? "signal";
  const choices = optionsOf(question);
  const relation = question.questionType.includes("irrelevant") ? "irrelevant" : "consecutive";
  const task: Task = choices === undefined ? "open-qa" : second === undefined ? "closed-qa" : "comparison-qa";
  const fact = `ecg-qa:${question.templateId}:${question.question}`;
  const { rng, ...identity } = itemIdentity(
    task,
    known.map((record) => ({ recordId: record.recordId, modality })),
    `ecg-qa:${question.templateId}:${question.sampleId}`,
    options.seed,
  );
  const base = {
    ...identity,
    task,
    subset: second === undefined ? subsetOf(modality) : ("C" as const),
    dimension: dimensionOf(question),
    pair:
      second === undefined
        ? undefined
        : {
            modalities: modality === "signal" ? ("S-S" as const) : ("I-I" as const),
            relation: relation as "irrelevant" | "consecutive",
          },
    records: known.map((record) => itemRecord(record, modality)),
    context:
      second === undefined
        ? itemContext(first, modality, options)
        : `First ECG: ${itemContext(first, modality, options)} Second ECG: ${itemContext(second, modality, options)}`,
    fact,
    labels: [],
    source: "ecg-qa",
    templateId: `ecg-qa-${question.templateId}`,
  };
  if (choices === undefined) {
    return withoutUndefined({
      ...base,
      instruction: question.question,
      answer: [...question.answers].sort().map(capitalized).join("; "),
      outputFormat: "The set of answers, parted by semicolons; `None` when there is none.",
    });
  }
  const wrong = rng.shuffle(choices.all.filter((choice) => choice !== choices.right)).map(capitalized);
  const place = rng.integer(choices.all.length);
  const texts = placeRight(capitalized(choices.right), wrong, place);
  return withoutUndefined({
    ...base,
    instruction: withOptions(question.question, texts),
    options: texts,
    answer: optionAnswer(texts, place),
    outputFormat: OPTION_FORMAT,
  });
}

type Choices = { readonly right: string; readonly all: readonly string[] };

/** Options of verify and choose questions; undefined for queries and for answers outside the options. */
function optionsOf(question: EcgQaQuestion): Choices | undefined {
  const { answers } = question;
  if (question.questionType.endsWith("-verify")) {
    const all = ["yes", "no", "not sure"];
    const right = answers[0] ?? "";
    return answers.length === 1 && all.includes(right) ? { right, all } : undefined;
  }
  if (!question.questionType.endsWith("-choose")) return undefined;
  const [a, b, ...more] = question.attributes ?? [];
  if (a === undefined || b === undefined || more.length > 0) return undefined;
  const all = [a, b, "both", "none"];
  const right = answers.length === 2 ? "both" : (answers[0] ?? "none");
  return all.includes(right) && new Set(all).size === all.length ? { right, all } : undefined;
}

function dimensionOf(question: EcgQaQuestion): Dimension | undefined {
  if (question.attributeType === "numeric_feature") return undefined;
  if (question.attributeType !== "scp_code") return "misc";
  const [name] = question.attributes ?? [];
  return name === undefined ? undefined : findStatementByName(name)?.dimensions[0];
}

/** Items are written as JSON: a key without a value is left out. */
function withoutUndefined(item: QaItem): QaItem {
  const { dimension, pair, options, ...rest } = item;
  return {
    ...rest,
    ...(dimension !== undefined && { dimension }),
    ...(pair !== undefined && { pair }),
    ...(options !== undefined && { options }),
  };
}
