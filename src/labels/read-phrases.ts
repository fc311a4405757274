// English report text to findings with polarity and likelihood: longest known phrase, NegEx-style cues.
import type { StatementKey } from "../record/statement.ts";
import { STATEMENTS } from "./statement-table.ts";

/** One known phrase in a text. */
export type PhraseFinding = {
  readonly key: StatementKey;
  /** True where the text says that it is not there. */
  readonly negated: boolean;
  /** 0-100 for hedged wording (cannot rule out 15, possible 35, suspected 50, probable 80), else null. */
  readonly likelihood: number | null;
  /** The words of the text. */
  readonly text: string;
  /** Character span [start, end) of the phrase in the input. */
  readonly start: number;
  readonly end: number;
};

type Token = {
  readonly word: string;
  readonly raw: string;
  readonly start: number;
  readonly end: number;
  /** No comma, colon or question mark between this word and the one before. */
  readonly joined: boolean;
};
type Phrase = {
  readonly words: readonly string[];
  readonly abbreviation: boolean;
  readonly key: StatementKey;
};

/** Hedges before a finding with the likelihood that PTB-XL's table gives such words; longest first. */
const HEDGES_BEFORE: readonly (readonly [RegExp, number])[] = [
  [/\b(can(no|')?t|can not|could not|unable to) (be )?(rule[d]? out|exclude[d]?)\b/, 15],
  [/\b(possibl[ey]|may ?be|may represent|could be|might be|consider|questionable|cf|rule out|r o)\b/, 35],
  [/\b(suspect(ed)?|suspicious|suspicion of|suggest(s|ive|ing)?|borderline|v a)\b/, 50],
  [/\b(probabl[ey]|likely|compatible with|consistent with)\b/, 80],
];

const HEDGES_AFTER: readonly (readonly [RegExp, number])[] = [
  [/^ ?(\w+ ){0,2}?(can(no|')?t|can not|could not) be (ruled out|excluded)\b/, 15],
  [/^ ?(\w+ )?(not (ruled out|excluded))\b/, 15],
  [/^ ?((is|are|was) )?possible\b/, 35],
  [/^ ?((is|are|was) )?(suspected|suggested)\b/, 50],
  [/^ ?((is|are|was) )?(probable|likely)\b/, 80],
];

const NEGATION_BEFORE =
  /\b(no|not|without|absence of|absent|negative for|free of|neither|nor|never|denie[sd]|lack(s|ing)? of|lack(s|ing)?|ruled out|excluded)\b/;
const NEGATION_AFTER =
  /^ ?((is|are|was|were|has been|have been) )?(not (seen|present|detected|found|identified|evident|visible|observed|noted|shown)|no longer (seen|present|detected|found|evident|visible)|absent|excluded|ruled out|negative|resolved)\b/;
const SCOPE_END = /\b(but|however|although|though|except|aside from|apart from|yet|now shows?|instead)\b/g;

const PHRASES: ReadonlyMap<string, readonly Phrase[]> = phraseIndex();

/**
 * Every known statement name or synonym in an English text, in order of appearance.
 *
 * Longest match wins and consumes its words ("inferior myocardial infarction" is not also "myocardial
 * infarction"); hyphens, slashes, plural s and British spelling do not matter; one-word abbreviations (PVC, AF)
 * match in capitals only. A negation reaches to the end of its clause, through commas only in an "or" list.
 */
export function readPhrases(text: string): PhraseFinding[] {
  const findings: PhraseFinding[] = [];
  for (const sentence of splitSentences(text)) {
    const tokens = tokenize(sentence.text, sentence.start);
    for (let at = 0; at < tokens.length; ) {
      const match = longestMatch(tokens, at);
      if (match === undefined) {
        at += 1;
        continue;
      }
      const first = tokens[at] as Token;
      const last = tokens[at + match.words.length - 1] as Token;
      const before = normalizeSpaces(sentence.text.slice(0, first.start - sentence.start));
      const after = sentence.text.slice(last.end - sentence.start);
      findings.push({
        key: match.key,
        ...polarity(before, after, match),
        text: sentence.text.slice(first.start - sentence.start, last.end - sentence.start),
        start: first.start,
        end: last.end,
      });
      at += match.words.length;
    }
  }
  return findings;
}

function polarity(
  before: string,
  after: string,
  match: Phrase,
): { readonly negated: boolean; readonly likelihood: number | null } {
  const lead = scopeBefore(before, after);
  const tail = normalizeSpaces(after);
  const question = /^\s*\?/.test(after);
  for (const [hedge, likelihood] of HEDGES_AFTER) if (hedge.test(tail)) return { negated: false, likelihood };
  if (NEGATION_AFTER.test(tail)) return { negated: true, likelihood: null };
  for (const [hedge, likelihood] of HEDGES_BEFORE) {
    if (hedge.test(lead)) {
      const stripped = lead.replace(hedge, " ");
      return NEGATION_BEFORE.test(stripped)
        ? { negated: true, likelihood: null }
        : { negated: false, likelihood };
    }
  }
  if (NEGATION_BEFORE.test(lead)) return { negated: true, likelihood: null };
  if (question) return { negated: false, likelihood: 35 };
  if (match.key === "scp:NORM" && match.words[0] === "otherwise") return { negated: false, likelihood: 80 };
  return { negated: false, likelihood: null };
}

/** The part of the sentence before a finding whose cues still reach it. */
function scopeBefore(before: string, after: string): string {
  let scope = before;
  for (const end of before.matchAll(SCOPE_END)) scope = before.slice(end.index + end[0].length);
  const comma = scope.lastIndexOf(",");
  if (comma < 0) return scope;
  const listed = /\b(or|nor)\b/.test(scope.slice(comma)) || /,[^,]*\b(or|nor)\b|^\s*(or|nor)\b/.test(after);
  return listed ? scope : scope.slice(comma + 1);
}

function splitSentences(text: string): { readonly text: string; readonly start: number }[] {
  const sentences: { text: string; start: number }[] = [];
  let start = 0;
  for (const end of text.matchAll(/[\n;!]|\.(?!\d)/g)) {
    sentences.push({ text: text.slice(start, end.index), start });
    start = end.index + 1;
  }
  sentences.push({ text: text.slice(start), start });
  return sentences.filter((sentence) => sentence.text.trim() !== "");
}

function tokenize(text: string, offset: number): Token[] {
  let previousEnd = 0;
  return [...text.matchAll(/[A-Za-z0-9]+/g)].map((match) => {
    const end = match.index + match[0].length;
    const joined = !/[,?]/.test(text.slice(previousEnd, match.index));
    previousEnd = end;
    return {
      word: normalizeWord(match[0]),
      raw: match[0],
      start: offset + match.index,
      end: offset + end,
      joined,
    };
  });
}

function normalizeWord(raw: string): string {
  const lower = raw
    .toLowerCase()
    .replace(/isch?aem/, "ischem")
    .replace(/isation/, "ization")
    .replace(/kalaem/, "kalem");
  return lower.length > 3 && /[^s]s$/.test(lower) ? lower.slice(0, -1) : lower;
}

function normalizeSpaces(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9,']+/g, " ")
    .replace(/\s+,/g, ",");
}

function longestMatch(tokens: readonly Token[], at: number): Phrase | undefined {
  const first = tokens[at];
  if (first === undefined) return undefined;
  return (PHRASES.get(first.word) ?? []).find((phrase) => {
    if (phrase.abbreviation) return /^[A-Z0-9-]+s?$/.test(first.raw);
    return phrase.words.every((word, index) => {
      const token = tokens[at + index];
      return token?.word === word && (index === 0 || token.joined);
    });
  });
}

/** Phrases by their first word, longest first. */
function phraseIndex(): Map<string, Phrase[]> {
  const index = new Map<string, Phrase[]>();
  const known = new Set<string>();
  const add = (text: string, key: StatementKey): void => {
    const tokens = tokenize(text, 0);
    const words = tokens.map((token) => token.word);
    const joined = words.join(" ");
    if (words.length === 0 || known.has(joined)) return;
    known.add(joined);
    const abbreviation = words.length === 1 && /^[A-Z0-9-]{2,6}s?$/.test(text);
    const phrases = index.get(words[0] ?? "") ?? [];
    phrases.push({ words, abbreviation, key });
    index.set(words[0] ?? "", phrases);
  };
  for (const row of STATEMENTS) add(row.name, row.key);
  for (const row of STATEMENTS) for (const synonym of row.synonyms) add(synonym, row.key);
  for (const phrases of index.values()) phrases.sort((a, b) => b.words.length - a.words.length);
  return index;
}
