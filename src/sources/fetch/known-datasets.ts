// Public data sets that can be fetched file by file: where they are, under which licence, how large.
import { EcgError } from "../../shared/errors.ts";

export type KnownDataset = {
  /** What the command line calls it; also the default folder. */
  readonly name: string;
  readonly title: string;
  readonly version: string;
  /** Folder that holds `SHA256SUMS.txt` and the files that it lists; ends with a slash. */
  readonly url: string;
  readonly licence: string;
  /** Bytes to expect, from the number of recordings and their format; the server was not asked. */
  readonly approximateBytes: number;
  /** What is worth fetching first, where that is not everything. */
  readonly parts?: string;
};

const CC_BY = "Creative Commons Attribution 4.0";
const ODC_BY = "Open Data Commons Attribution 1.0";

/** All of PhysioNet, open to everyone without an account. */
export const KNOWN_DATASETS: readonly KnownDataset[] = [
  {
    name: "ptb-xl",
    title: "PTB-XL: 21,799 12-lead recordings of 10 s with SCP-ECG statements",
    version: "1.0.3",
    url: "https://physionet.org/files/ptb-xl/1.0.3/",
    licence: CC_BY,
    approximateBytes: 3.1e9,
    parts: "ptbxl_database.csv,scp_statements.csv,LICENSE.txt,records500",
  },
  {
    name: "ludb",
    title: "LUDB: 200 12-lead recordings of 10 s with wave boundaries by cardiologists",
    version: "1.0.1",
    url: "https://physionet.org/files/ludb/1.0.1/",
    licence: ODC_BY,
    approximateBytes: 30e6,
  },
  {
    name: "challenge-2021",
    title: "PhysioNet/CinC Challenge 2021: 88,253 12-lead recordings with SNOMED CT codes",
    version: "1.0.3",
    url: "https://physionet.org/files/challenge-2021/1.0.3/",
    licence: CC_BY,
    approximateBytes: 12e9,
    parts: "training/georgia",
  },
  {
    name: "mitdb",
    title: "MIT-BIH Arrhythmia Database: 48 two-lead recordings of half an hour",
    version: "1.0.0",
    url: "https://physionet.org/files/mitdb/1.0.0/",
    licence: ODC_BY,
    approximateBytes: 100e6,
  },
  {
    name: "ptbdb",
    title: "PTB Diagnostic ECG Database: 549 15-lead recordings at 1,000 Hz",
    version: "1.0.0",
    url: "https://physionet.org/files/ptbdb/1.0.0/",
    licence: ODC_BY,
    approximateBytes: 1.8e9,
  },
];

/** A data set by its name. @throws EcgError USAGE for an unknown one. */
export function knownDataset(name: string): KnownDataset {
  const found = KNOWN_DATASETS.find((dataset) => dataset.name === name);
  if (found) return found;
  throw new EcgError(
    "USAGE",
    `data fetch: expected ${KNOWN_DATASETS.map((dataset) => dataset.name).join(", ")}, got ${name}`,
    { hint: "heartcare data fetch without a name lists them with licence and size" },
  );
}
