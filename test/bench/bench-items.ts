// Items and recordings of a small benchmark, made by hand: what is right is plain to see.
import type { QaItem } from "../../src/qa/qa-item.ts";
import type { EcgRecord } from "../../src/record/ecg-record.ts";
import { type LeadMatrix, stackLeads } from "../../src/record/lead-matrix.ts";

/** A record of two leads at 250 Hz that says nothing of itself. */
export function benchRecord(name: string, signal?: LeadMatrix, details: Partial<EcgRecord> = {}): EcgRecord {
  const ramp = Float32Array.from({ length: 2500 }, (_, t) => t / 1000);
  return {
    id: name,
    samplingRateHz: 250,
    leads: ["I", "II"],
    signal: signal ?? stackLeads([ramp, ramp.map((value) => -value)]),
    patient: { id: `file-${name}`, ageYears: 60, sex: "female" },
    statements: [],
    sourceLabels: [],
    labelScope: [],
    identity: { recordingId: `test:${name}`, patientId: `test:patient-${name}`, patientKnown: true },
    provenance: { format: "test", path: `/data/${name}.dat`, sha256: "00" },
    ...details,
  };
}

export type ItemDetails = Partial<QaItem> & { readonly name?: string; readonly other?: string };

/** Options A to D, the right one at `right`; about record `name` (and `other`). */
export function choiceItem(id: string, right: number, details: ItemDetails = {}): QaItem {
  const { name = "r1", other, ...rest } = details;
  const options = rest.options ?? [
    "Sinus rhythm",
    "Atrial fibrillation",
    "Atrial flutter",
    "Sinus tachycardia",
  ];
  const question = "What rhythm does it show?";
  return {
    id,
    task: other === undefined ? "closed-qa" : "comparison-qa",
    subset: other === undefined ? "S" : "C",
    ...(other === undefined
      ? { dimension: "rhythm" as const }
      : { pair: { modalities: "S-S", relation: "irrelevant" } }),
    records: [name, ...(other === undefined ? [] : [other])].map((record) => shown(record)),
    context: "12-lead ECG signal, 10 s, 250 Hz.",
    instruction: `${question} ${options.map((option, at) => `${"ABCD"[at]}: ${option}`).join("; ")}`,
    options,
    answer: `${"ABCD"[right]}: ${options[right]}`,
    fact: `rhythm=${options[right]}`,
    labels: [{ key: "scp:SR", name: "sinus rhythm", likelihood: null }],
    outputFormat: "The letter and text of one option.",
    source: "test",
    templateId: "closed-rhythm-01",
    seed: 5,
    ...rest,
  };
}

/** A question with a free answer. */
export function openItem(id: string, answer: string, details: ItemDetails = {}): QaItem {
  const { options: _options, ...item } = choiceItem(id, 0, details);
  return {
    ...item,
    task: "open-qa",
    instruction: "Which rhythm is it?",
    templateId: "open-rhythm-01",
    answer,
    ...withTask(details),
  };
}

/** 4 s from `startSample`; the 2 s that follow are the truth. */
export function predictionItem(id: string, startSample: number, details: ItemDetails = {}): QaItem {
  const item = openItem(id, "<pred>", { ...details, task: "prediction" });
  const window = { startSample, endSample: startSample + 1000 };
  return { ...item, records: item.records.map((entry) => ({ ...entry, window })) };
}

function shown(name: string): QaItem["records"][number] {
  return {
    recordId: `test:${name}`,
    patientId: `test:patient-${name}`,
    modality: "signal",
    window: { startSample: 0, endSample: 2500 },
  };
}

function withTask({ task }: ItemDetails): Pick<Partial<QaItem>, "task"> {
  return task === undefined ? {} : { task };
}
