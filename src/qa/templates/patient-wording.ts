// Age and sex in words, varied as Figure 7 asks: "a 65-year-old male patient", "a 60-year-old patient (female)".
import type { Rng } from "../../shared/rng.ts";
import type { QaRecord } from "../qa-record.ts";

type Patient = QaRecord["patient"];

/** PTB-XL writes 300 for ages that privacy rules hide (above 89). */
const HIDDEN_AGE = 120;

/** A noun phrase for the patient, e.g. after "the ECG of". Says only what is known. */
export function patientPhrase(patient: Patient, rng: Rng): string {
  const { ageYears, sex } = patient;
  if (ageYears === undefined || !Number.isFinite(ageYears)) {
    if (sex === undefined)
      return rng.pick(["this patient", "the patient", "this subject", "an adult"].slice(0, 3));
    return rng.pick([`a ${sex} patient`, `this ${sex} patient`, `a patient (${sex})`, `this ${sex} subject`]);
  }
  if (ageYears > HIDDEN_AGE) {
    if (sex === undefined) return "a patient aged over 89";
    return rng.pick([`a ${sex} patient aged over 89`, `a patient (${sex}) over 89 years of age`]);
  }
  if (ageYears < 1) {
    return sex === undefined ? "an infant under 1 year of age" : `a ${sex} infant under 1 year of age`;
  }
  const years = Math.floor(ageYears);
  const a = article(years);
  const old = `${years}-year-old`;
  if (sex === undefined)
    return rng.pick([`${a} ${old} patient`, `a patient aged ${years}`, `${a} ${old} individual`]);
  return rng.pick([
    `${a} ${old} ${sex} patient`,
    `${a} ${old} ${sex}`,
    `${a} ${old} patient (${sex})`,
    `this ${old} ${sex} individual`,
    `a ${sex} patient aged ${years}`,
    `${a} ${old} ${sex} individual`,
    `this ${old} ${sex} patient`,
    `a ${sex} subject of ${years} years`,
  ]);
}

/** Demographics of a context or report: "65-year-old male", "female, age not stated", "not stated". */
export function demographics(patient: Patient): string {
  const { ageYears, sex } = patient;
  if (ageYears === undefined || !Number.isFinite(ageYears)) {
    return sex === undefined ? "age and sex not stated" : `${sex}, age not stated`;
  }
  const who = sex ?? "patient, sex not stated";
  if (ageYears > HIDDEN_AGE) return `${who}, over 89 years old`;
  if (ageYears < 1) return `${who}, under 1 year old`;
  return `${Math.floor(ageYears)}-year-old ${who}`;
}

/** 8, 11, 18 and 80-89 take "an". */
function article(years: number): string {
  return years === 8 || years === 11 || years === 18 || (years >= 80 && years <= 89) ? "an" : "a";
}
