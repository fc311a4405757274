// Statement names inside sentences and as options: SCP-ECG's own terms, with a noun where the term has none.
import { statementDefinition } from "../../labels/find-statement.ts";
import { type Statement, type StatementKey, statementKey } from "../../record/statement.ts";
import type { Rng } from "../../shared/rng.ts";
import type { AnswerKey } from "../record-facts.ts";
import { capitalized } from "./fill-template.ts";
import { OPTION_WORDINGS } from "./normal-wording.ts";

/** Terms that do not stand as a noun phrase. */
const PHRASES: Readonly<Partial<Record<StatementKey, string>>> = {
  "scp:ISC_": "non-specific ischemic ST-T changes",
  "scp:ISCAL": "ischemic ST-T changes in anterolateral leads",
  "scp:ISCAS": "ischemic ST-T changes in anteroseptal leads",
  "scp:ISCLA": "ischemic ST-T changes in lateral leads",
  "scp:ISCAN": "ischemic ST-T changes in anterior leads",
  "scp:ISCIN": "ischemic ST-T changes in inferior leads",
  "scp:ISCIL": "ischemic ST-T changes in inferolateral leads",
  "scp:QWAVE": "Q waves",
  "scp:EL": "changes due to an electrolytic disturbance or drug",
  "scp:PACE": "a normal functioning artificial pacemaker",
  "scp:NORM": "a normal ECG",
};

/** A statement inside a sentence: "left anterior fascicular block", "Q waves". */
export function statementPhrase(key: StatementKey): string {
  return PHRASES[key] ?? statementDefinition(key).name;
}

/** True where a phrase takes "are": changes, waves, extrasystoles, criteria. */
export function isPluralPhrase(phrase: string): boolean {
  const head = phrase.split(/ (?:in|due|compatible|for|present) /)[0] ?? phrase;
  return /(changes|abnormalities|waves|T-waves|extrasystoles|problems|beats|voltages|complexes|complex\(es\)|criteria( \(QRS\))?)$/.test(
    head,
  );
}

/** An answer as an option: the statement's name with a capital, or one of the wordings of a normal answer. */
export function optionText(key: AnswerKey, rng: Rng): string {
  const wordings = OPTION_WORDINGS[key];
  if (wordings !== undefined) return rng.pick(wordings);
  return capitalized(statementDefinition(key).name);
}

/** Likelihood in words: cannot be excluded (< 35), possible (< 50), suspected (< 80), probable (< 100), or none. */
export function likelihoodPhrase(likelihood: number | null): string {
  if (likelihood === null || likelihood >= 100) return "";
  if (likelihood >= 80) return "probable";
  if (likelihood >= 50) return "suspected";
  return likelihood >= 35 ? "possible" : "not excluded";
}

/** A statement of a recording with its likelihood in words and, where it helps, the leads it was noted in. */
export function hedgedPhrase(statement: Statement): string {
  const key = statementKey(statement.code);
  const hedge = likelihoodPhrase(statement.likelihood);
  const phrase = statementPhrase(key).replace(/^a (?=normal (ECG|functioning))/, hedge === "" ? "a " : "");
  if (hedge === "not excluded") return `${phrase} (cannot be excluded)`;
  return `${hedge} ${phrase}${leadsSuffix(statement)}`.trim();
}

/** " in leads V1, V2" for noises whose text names leads. */
function leadsSuffix(statement: Statement): string {
  const text = statement.text?.replace(/\bAV([RLF])\b/gi, (_, limb: string) => `aV${limb.toUpperCase()}`);
  if (text === undefined || !/noise|drift|problems/.test(statement.code.value)) return "";
  if (text === "all leads") return " in all leads";
  if (!/^[IVAFRLiv1-6,\s.-]+$/i.test(text)) return "";
  return /[,-]/.test(text) ? ` in leads ${text}` : ` in lead ${text}`;
}
