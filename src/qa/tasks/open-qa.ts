// Open-QA items: the statements of one dimension in a sentence (paper Table 9).
import { DIMENSIONS, type Dimension } from "../../record/statement.ts";
import type { Rng } from "../../shared/rng.ts";
import type { Modality } from "../plan/closed-question.ts";
import type { QaItem } from "../qa-item.ts";
import { ASPECTS, ECG_NOUNS } from "../templates/ecg-wording.ts";
import { fillTemplate, joinWithAnd } from "../templates/fill-template.ts";
import { NO_MISC_ANSWERS, NORMAL_ANSWERS, POSITIVE_ANSWERS } from "../templates/open-answers.ts";
import { OPEN_QUESTIONS } from "../templates/open-questions.ts";
import { patientPhrase } from "../templates/patient-wording.ts";
import { hedgedPhrase, statementPhrase } from "../templates/statement-wording.ts";
import {
  type ItemOptions,
  itemContext,
  itemIdentity,
  itemLabels,
  itemRecord,
  type Subject,
  subsetOf,
} from "./item-parts.ts";

/** Features of signal quality and extra beats whose absence is worth an answer. */
const MISC_LOOKED_FOR = [
  "heartcare:baseline-drift",
  "heartcare:static-noise",
  "heartcare:burst-noise",
  "heartcare:electrodes-problems",
  "heartcare:extrasystoles",
] as const;

/** One open question for each dimension that the labels say something about. */
export function openItems(subject: Subject, modality: Modality, options: ItemOptions): QaItem[] {
  return DIMENSIONS.flatMap((dimension) => {
    const fact = `list:${dimension}`;
    const { record } = subject;
    const { rng, ...identity } = itemIdentity(
      "open-qa",
      [{ recordId: record.recordId, modality }],
      fact,
      options.seed,
    );
    const template = rng.pick(OPEN_QUESTIONS[dimension]);
    const instruction = fillTemplate(
      template.text,
      { who: patientPhrase(record.patient, rng), ecg: ECG_NOUNS[modality], aspect: ASPECTS[dimension] },
      rng,
    );
    const answer = openAnswer(subject, dimension, modality, rng);
    if (answer === undefined) return [];
    const item: QaItem = {
      ...identity,
      task: "open-qa",
      subset: subsetOf(modality),
      dimension,
      records: [itemRecord(record, modality)],
      context: itemContext(record, modality, options),
      instruction,
      answer,
      fact,
      labels: itemLabels(subject, dimension),
      outputFormat: "One or two sentences in SCP-ECG terms.",
      source: record.source,
      templateId: template.id,
    };
    return [item];
  });
}

/** The sentence that answers a dimension; undefined where the labels say nothing about it. */
function openAnswer(
  subject: Subject,
  dimension: Dimension,
  modality: Modality,
  rng: Rng,
): string | undefined {
  const { present, normal } = subject.facts[dimension];
  const slots = { ecg: ECG_NOUNS[modality] };
  if (normal && (dimension === "diagnosis" || dimension === "waveform") && present.length <= 1) {
    return fillTemplate(rng.pick(NORMAL_ANSWERS[dimension]), slots, rng);
  }
  if (present.length > 0) {
    const condition = joinWithAnd(present.map(hedgedPhrase));
    return fillTemplate(rng.pick(POSITIVE_ANSWERS[dimension]), { ...slots, condition }, rng);
  }
  if (dimension === "misc") {
    const { absent } = subject.facts.misc;
    const lookedFor = MISC_LOOKED_FOR.filter((key) => absent.includes(key));
    if (lookedFor.length < 3) return undefined;
    const names = lookedFor.map(statementPhrase);
    const list = `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
    return fillTemplate(rng.pick(NO_MISC_ANSWERS), { ...slots, absent: list }, rng);
  }
  return undefined;
}
