// What a dataset's user should know before trusting it: one sentence each, with the numbers.
import type { DatasetRecord } from "../dataset/dataset-record.ts";
import { joinWithAnd } from "../qa/templates/fill-template.ts";

/** Limits that hold for these recordings. */
export function describeLimits(records: readonly DatasetRecord[]): string[] {
  const unknown = records.filter((record) => !record.identity.patientKnown).length;
  const zScored = records.filter((record) => record.amplitudeUnit === "z").length;
  const images = records.flatMap((record) => record.files.images);
  const layouts = [...new Set(images.map((image) => image.layout))].sort().join(", ");
  const [page] = images;
  return [
    "Questions are written from templates and labels; where an annotator did not look (labelScope), nothing is denied.",
    ...(unknown > 0
      ? [
          `${unknown} recordings name no patient: the split can only keep the recording together, not the person.`,
        ]
      : []),
    ...(zScored > 0
      ? [
          `${zScored} recordings are z-scored: their voltages are lost, and no question about voltage is asked of them.`,
        ]
      : []),
    ...(page
      ? [
          `Images are rendered from the cleaned signals (${layouts}; ${page.paperSpeedMmPerSecond} mm/s, ${gainsOf(records)}, ${page.dpi} dpi, no paper noise), not scans of paper.`,
        ]
      : []),
    "Diagnoses are those of the sources' annotators and partly machine-written; likelihoods below 100 are kept in the items' labels.",
  ];
}

/** `10 mm/mV and 2.5 mm/SD`. */
function gainsOf(records: readonly DatasetRecord[]): string {
  const gains = records.flatMap(({ amplitudeUnit, files }) =>
    files.images.map(({ gainMmPerMv }) => `${gainMmPerMv} mm/${amplitudeUnit === "z" ? "SD" : "mV"}`),
  );
  return joinWithAnd([...new Set(gains)].sort());
}
