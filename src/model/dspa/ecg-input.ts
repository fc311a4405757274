// EcgInput: one ECG as a question shows it, with what is known about it beside the pixels and samples.
import type { AmplitudeUnit } from "../../images/default-gain.ts";
import { itemContext } from "../../qa/tasks/item-parts.ts";
import type { EcgRecord, Patient } from "../../record/ecg-record.ts";
import type { Measurements } from "../../signal/measure/measurements.ts";
import type { HeartcareModel, ShownEcg } from "./heartcare-model.ts";

/** A recording can be shown as its signal, as the picture of a page, or as both; a page only as a picture. */
export const SHOWN_AS = ["signal", "image", "both"] as const;
export type ShownAs = (typeof SHOWN_AS)[number];

/** What building an input needs of a model. */
export type InputReader = Pick<HeartcareModel, "id" | "config" | "vision">;

export type KnownPatient = Omit<Patient, "id">;

/** A recording as datasets keep it: at the model's rate, cleaned, measured, with the part that is shown. */
export type PreparedEcg = {
  readonly id: string;
  /** All of it, cleaned. */
  readonly cleaned: EcgRecord;
  /** Samples of `cleaned` that are shown, end exclusive. */
  readonly window: { readonly startSample: number; readonly endSample: number };
  /** Mean signal quality of the window, 0 to 1; null where no lead could be rated. */
  readonly windowQuality: number | null;
  readonly measurements: Measurements | null;
  readonly patient: KnownPatient;
  /** Second of the file at which `cleaned` begins. */
  readonly startSeconds: number;
  readonly original: { readonly format: string; readonly samplingRateHz: number; readonly path: string };
};

/** What was read off the picture of a page. */
export type PageFacts = {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rows: number;
  readonly columns: number;
  readonly pxPerMm: number;
  readonly speedMmPerSecond: number;
  /** mm a standard deviation where `amplitudeUnit` is SD. */
  readonly gainMmPerMv: { readonly limb: number; readonly chest: number };
  readonly amplitudeUnit: AmplitudeUnit;
  /** How each scale became known: grid, calibration, hint or assumed. */
  readonly sources: Readonly<Record<string, string>>;
};

export type EcgInput = {
  readonly id: string;
  readonly shownAs: ShownAs;
  readonly shown: ShownEcg;
  /** "12-lead ECG signal, 10 s, 250 Hz. Patient: 65-year-old male." */
  readonly context: string;
  readonly patient: KnownPatient;
  readonly leads: readonly string[];
  readonly seconds: number;
  /** Of the recording, or of the traces of a page; null where nothing could be measured. */
  readonly measurements: Measurements | null;
  /** Left out for the picture of a page. */
  readonly recording?: PreparedEcg;
  /** Left out for a recording. */
  readonly page?: PageFacts;
};

/** The context sentence as datasets write it. */
export function inputContext(
  shownAs: ShownAs,
  known: { readonly leadCount: number; readonly seconds: number; readonly patient: KnownPatient },
): string {
  const record = {
    recordId: "",
    patientId: "",
    patient: known.patient,
    statements: [],
    labelScope: [],
    window: { startSample: 0, endSample: Math.round(known.seconds * 250) },
    leadCount: known.leadCount,
    source: "",
  };
  return itemContext(record, shownAs === "image" ? "image" : "signal", { seed: 0 });
}
