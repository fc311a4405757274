// drawSequence: one row of a batch: the recordings that are shown, how, and the questions about them.

import { promptContext } from "../../model/dspa/prompt-context.ts";
import { parseAnswerPlace } from "../../qa/parse-options.ts";
import type { QaItem } from "../../qa/qa-item.ts";
import { closedItem } from "../../qa/tasks/closed-qa.ts";
import { itemContext } from "../../qa/tasks/item-parts.ts";
import { capitalized } from "../../qa/templates/fill-template.ts";
import { statementPhrase } from "../../qa/templates/statement-wording.ts";
import type { Rng } from "../../shared/rng.ts";
import { type NamedFinding, namedFindings } from "./named-findings.ts";
import { placeClosed, type QuestionBank } from "./question-bank.ts";
import type { Corpus, CorpusRecord } from "./training-corpus.ts";

/** How a recording is shown. */
export type Shown = { readonly entry: CorpusRecord; readonly signal: boolean; readonly image: boolean };

/** A question with its answer; `bare` ones have no chat frame around them. */
export type Question = {
  readonly instruction: string;
  readonly answer: string;
  readonly bare?: boolean;
  /** Weight of the first token of the answer, and of each of the others. */
  readonly firstWeight: number;
  readonly restWeight: number;
  /** Offered answers and which is right: behind each, the model learns to say yes or no. */
  readonly offered?: { readonly options: readonly string[]; readonly right: number; readonly weight: number };
  /** Findings in the question itself: the same at each of them, for each recording. */
  readonly named?: readonly NamedFinding[];
};

export type SequencePlan = {
  readonly shown: readonly Shown[];
  readonly context: string;
  readonly questions: readonly Question[];
};

/** Shares of what is drawn; they need not add up to 1. */
export type QuestionMix = {
  /** Share of rows about two recordings. */
  readonly pairs: number;
  readonly closed: number;
  readonly checks: number;
  readonly open: number;
  readonly report: number;
  /** Share of rows about one recording that say nothing of the patient and of what was measured. */
  readonly bare?: number | undefined;
};

export type ModalityMix = { readonly signal: number; readonly image: number; readonly both: number };

/** Chance that measured values are left out of a prompt that could have them; on a page there is less to measure. */
const UNMEASURED = { signal: 0.15, image: 0.4 } as const;

/** A row about one recording. */
export function drawSingle(
  corpus: Corpus,
  bank: QuestionBank,
  options: {
    readonly mix: QuestionMix;
    readonly modalities: ModalityMix;
    /** Pages have measured values as well. */
    readonly measuredPages: boolean;
  },
  rng: Rng,
): SequencePlan {
  const entry = rng.next() < 0.5 ? bank.drawRecord(rng) : rng.pick(corpus.records);
  const { signal, image } = drawModality(options.modalities, rng);
  const modality = signal ? "signal" : "image";
  const subject = { record: entry.record, facts: entry.facts };
  const { mix } = options;
  const isMeasured = (signal || options.measuredPages) && rng.next() >= UNMEASURED[modality];
  const measured = isMeasured ? entry.measured : "";
  const isBare = rng.next() < (mix.bare ?? 0);
  const context = isBare ? "" : promptContext(itemContext(entry.record, modality, { seed: 0 }), [measured]);
  const questions: Question[] = [];
  const facts = new Set<string>();
  for (let i = 0; i < mix.closed; i++) {
    const chance = bank.drawClosed(entry.id, rng);
    if (!chance) break;
    const item = closedItem(subject, placeClosed(chance, modality, rng), { seed: rng.integer(2 ** 31) });
    if (facts.has(item.fact)) continue;
    facts.add(item.fact);
    questions.push(closedQuestion(item, [entry]));
  }
  for (const { key, present } of bank.drawChecks(entry.id, mix.checks, rng)) {
    questions.push(check(capitalized(statementPhrase(key)), present));
  }
  const written = (corpus.singles.get(entry.id) ?? []).filter(
    ({ subset }) => (subset === "S") === (modality === "signal"),
  );
  questions.push(
    ...drawWritten(written, "open-qa", mix.open, rng),
    ...drawWritten(written, "report", mix.report, rng),
  );
  return { shown: [{ entry, signal, image }], context, questions: rng.shuffle(questions) };
}

/** A row about two recordings: a written comparison and checks of either. */
export function drawPair(
  corpus: Corpus,
  bank: QuestionBank,
  { mix, measuredPages }: { readonly mix: QuestionMix; readonly measuredPages: boolean },
  rng: Rng,
): SequencePlan {
  const item = rng.pick(corpus.pairs);
  return pairPlan(item, corpus, {
    measured: {
      signal: rng.next() >= UNMEASURED.signal,
      image: measuredPages && rng.next() >= UNMEASURED.image,
    },
    questions: (entries) =>
      entries.flatMap((entry, index) =>
        bank
          .drawChecks(entry.id, Math.ceil(mix.checks / 3), rng)
          .map(({ key, present }) =>
            check(`${index === 0 ? "First" : "Second"}: ${statementPhrase(key)}`, present),
          ),
      ),
  });
}

/** The row of a written comparison item. */
export function pairPlan(
  item: QaItem,
  corpus: Corpus,
  options: {
    /** Whether values measured on signals and on pages go in. */
    readonly measured: { readonly signal: boolean; readonly image: boolean };
    readonly questions?: (entries: readonly CorpusRecord[]) => Question[];
  },
): SequencePlan {
  const entries = item.records.map(({ recordId }) => corpus.byId.get(recordId)!);
  const shown = item.records.map(({ modality }, index) => ({
    entry: entries[index]!,
    signal: modality === "signal",
    image: modality === "image",
  }));
  const measured = shown.map(({ entry, signal }) =>
    options.measured[signal ? "signal" : "image"] ? entry.measured : "",
  );
  return {
    shown,
    context: promptContext(item.context, measured),
    questions: [closedQuestion(item, entries), ...(options.questions?.(entries) ?? [])],
  };
}

/** The row of written items about one recording in one modality, as they are. */
export function singlePlan(items: readonly QaItem[], corpus: Corpus): SequencePlan {
  const [{ recordId, modality }] = items[0]!.records as [QaItem["records"][number]];
  const entry = corpus.byId.get(recordId)!;
  const signal = modality === "signal";
  return {
    shown: [{ entry, signal, image: !signal }],
    context: promptContext(items[0]!.context, [signal ? entry.measured : ""]),
    questions: items.map((item) => (item.options ? closedQuestion(item, [entry]) : freeQuestion(item))),
  };
}

function drawModality(mix: ModalityMix, rng: Rng): { signal: boolean; image: boolean } {
  const target = rng.next() * (mix.signal + mix.image + mix.both);
  if (target < mix.signal) return { signal: true, image: false };
  return target < mix.signal + mix.image ? { signal: false, image: true } : { signal: true, image: true };
}

function closedQuestion(item: QaItem, entries: readonly CorpusRecord[]): Question {
  const { instruction, answer, options = [] } = item;
  const named = namedFindings(
    item,
    entries.map(({ facts }) => facts),
  );
  const right = parseAnswerPlace(answer, options) ?? -1;
  return {
    instruction,
    answer,
    firstWeight: 2,
    restWeight: 0.1,
    ...(right < 0 ? {} : { offered: { options, right, weight: 1.5 } }),
    ...(named.length === 0 ? {} : { named }),
  };
}

function freeQuestion({ instruction, answer }: QaItem): Question {
  return { instruction, answer, firstWeight: 0.4, restWeight: 0.4 };
}

function check(finding: string, present: boolean): Question {
  return {
    instruction: `${finding}?`,
    answer: present ? " yes" : " no",
    bare: true,
    firstWeight: 2,
    restWeight: 0,
  };
}

/** `share` below 1 is a chance of one. */
function drawWritten(items: readonly QaItem[], task: QaItem["task"], share: number, rng: Rng): Question[] {
  const fitting = items.filter((item) => item.task === task);
  const count = Math.floor(share) + (rng.next() < share % 1 ? 1 : 0);
  return rng.shuffle(fitting).slice(0, count).map(freeQuestion);
}
