// rateOptions: how likely each option is, from how likely statements are; every form of question that the templates and
// ECG-QA ask.
import { findStatementByName } from "../labels/find-statement.ts";
import { optionKey } from "./check-item.ts";
import { findFindings } from "./find-findings.ts";
import type { AnswerKey } from "./record-facts.ts";
import {
  ASKED_CELL,
  CELL_TEXTS,
  CHANGE_CELLS,
  CHANGE_FORMS,
  CHANGE_QUESTIONS,
  type ChangeCell,
  RELATIONS,
  type Relation,
  WHICH_FORMS,
  WHICH_QUESTIONS,
  type WhichForm,
} from "./templates/comparison-questions.ts";
import type { Template } from "./templates/fill-template.ts";

/** How likely a statement is, 0 to 1; 0.5 where nothing speaks for or against. Comparable between statements. */
export type Likelihood = (key: AnswerKey) => number;

export type OfferedQuestion = {
  /** With its options, as {@link withOptions} writes them, or without. */
  readonly instruction: string;
  readonly options: readonly string[];
  /** Of two recordings; left out: the relation whose wording the question has. */
  readonly relation?: Relation | undefined;
};

/**
 * How likely each option is, given how likely statements are in each recording: a number from 0 to 1 an option.
 *
 * Understood: which of these findings; both, only one or neither of two; yes or no; how one finding changed; which
 * finding is new, gone or kept. Everything is read from the instruction and the texts of the options; options that say
 * nothing that is understood get the same number.
 */
export function rateOptions(
  { instruction, options, relation }: OfferedQuestion,
  recordings: readonly Likelihood[],
): number[] {
  const question = instruction.split(` A: ${options[0] ?? ""}`)[0] ?? instruction;
  const [first, second] = recordings;
  if (first === undefined) return options.map(() => 0.5);
  return second === undefined
    ? scoreSingle(question, options, first)
    : scorePair({ question, options, relation: relation ?? relationOf(question) }, first, second);
}

/** The relation in whose wordings a question is put; one patient where neither has it. */
function relationOf(question: string): Relation {
  return (
    RELATIONS.find(
      (relation) =>
        whichForm(question, relation) !== undefined || askedCell(question, relation) !== undefined,
    ) ?? "consecutive"
  );
}

function scoreSingle(question: string, options: readonly string[], likelihood: Likelihood): number[] {
  const asked = findFindings(question).map((key) => likelihood(key));
  const [a = 0.5, b = 0.5] = asked;
  return options.map((option) => {
    switch (option.toLowerCase()) {
      case "yes":
        return a;
      case "no":
        return 1 - a;
      case "not sure":
        return 0;
      case "both":
        return a * b;
      case "neither":
      case "none":
        return (1 - a) * (1 - b);
    }
    const key = statementOf(option.replace(/^only /i, ""));
    const own = key === undefined ? 0.5 : likelihood(key);
    if (options.length < 2 || !hasBoth(options)) return own;
    // one of two findings and not the other: the other one is named by the sibling option
    const other = otherFinding(option, options);
    return own * (1 - (other === undefined ? 0.5 : likelihood(other)));
  });
}

type Asked = { readonly question: string; readonly options: readonly string[]; readonly relation: Relation };

function scorePair({ question, options, relation }: Asked, first: Likelihood, second: Likelihood): number[] {
  const chance = (cell: ChangeCell, key: AnswerKey): number => {
    const [before, after] = [first(key), second(key)];
    const [p, q] = [
      cell === "gone" || cell === "kept" ? before : 1 - before,
      cell === "new" || cell === "kept" ? after : 1 - after,
    ];
    return p * q;
  };
  const form = whichForm(question, relation);
  if (form !== undefined) {
    const cell = ({ "which-new": "new", "which-gone": "gone", "which-kept": "kept" } as const)[form];
    return options.map((option) => {
      const key = statementOf(option);
      return key === undefined ? 0 : chance(cell, key);
    });
  }
  const [key] = findFindings(question);
  if (key === undefined) return options.map(() => 0);
  const asked = askedCell(question, relation);
  return options.map((option) => {
    const cell = cellOf(option, relation);
    if (cell !== undefined) return chance(cell, key);
    if (asked === undefined || !/^(yes|no)$/i.test(option)) return 0;
    return /^yes$/i.test(option) ? chance(asked, key) : 1 - chance(asked, key);
  });
}

/** The statement that an option stands for: by its wording as an option, by name, or the first one in it. */
function statementOf(option: string): AnswerKey | undefined {
  return optionKey(option) ?? findStatementByName(option)?.key ?? findFindings(option)[0];
}

function hasBoth(options: readonly string[]): boolean {
  return options.some((option) => option.toLowerCase() === "both");
}

function otherFinding(option: string, options: readonly string[]): AnswerKey | undefined {
  const sibling = options.find((other) => other !== option && !/^(both|neither|none)$/i.test(other));
  return sibling === undefined ? undefined : statementOf(sibling.replace(/^only /i, ""));
}

/** `Yes, still present`: the part after the comma is one of the cell's wordings. */
function cellOf(option: string, relation: Relation): ChangeCell | undefined {
  const text = option.replace(/^(yes|no), /i, "");
  return CHANGE_CELLS.find((cell) => CELL_TEXTS[relation][cell].includes(text));
}

function whichForm(question: string, relation: Relation): WhichForm | undefined {
  return WHICH_FORMS.find((form) => WHICH_QUESTIONS[relation][form].some(({ text }) => text === question));
}

/** The cell for which a yes-or-no question asks, by its template. */
function askedCell(question: string, relation: Relation): ChangeCell | undefined {
  const form = CHANGE_FORMS.find((candidate) =>
    CHANGE_QUESTIONS[relation][candidate].some((template) => matches(question, template)),
  );
  return form === undefined ? undefined : ASKED_CELL[form];
}

function matches(question: string, { text }: Template): boolean {
  const [before = "", after = ""] = text.split("{finding}");
  return question.startsWith(before) && question.endsWith(after);
}
