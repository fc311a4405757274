// README.md of a dataset folder: what is in it, how it was split, what the audit and the text-only model say.
import { join } from "node:path";
import { writeFileAtomic } from "../shared/write-file-atomic.ts";
import type { AuditReport } from "./audit/audit-report.ts";
import { drawSunburst } from "./draw-sunburst.ts";
import type { DatasetManifest } from "./manifest.ts";
import type { TextLeak } from "./train-text-choice.ts";

export type CardFacts = {
  readonly manifest: DatasetManifest;
  readonly audit?: AuditReport | undefined;
  /** Closed questions answered from their text alone, on val and test. */
  readonly textLeak?: TextLeak | undefined;
  /** One sentence each: what limits this dataset. */
  readonly limits?: readonly string[];
};

/** Write `README.md` and `sunburst.svg`. */
export async function writeCard(folder: string, facts: CardFacts): Promise<void> {
  await writeFileAtomic(join(folder, "sunburst.svg"), drawSunburst(facts.manifest.counts, "items"));
  await writeFileAtomic(join(folder, "README.md"), cardText(facts));
}

/** The card's Markdown. */
export function cardText(facts: CardFacts): string {
  const { manifest } = facts;
  const { records } = manifest;
  const sections = [
    "# ECG instruction dataset",
    `${format(manifest.itemCount)} questions about ${format(records.total)} recordings of ${format(records.patients)} patients` +
      `${records.patientsUnknown > 0 ? ` (${format(records.patientsUnknown)} recordings name no patient and count as one each)` : ""}, ` +
      `${manifest.distinctFactsPerRecord.toFixed(1)} distinct facts asked a recording. Made by heartcare-suite from labels and signals; not a medical device, and no answer here is medical advice.`,
    "![Items by subset, task and dimension](sunburst.svg)",
    "## Sources",
    table(
      ["source", "reader", "recordings", "sha-256"],
      manifest.sources.map((source) => [
        source.name,
        source.format,
        format(source.records),
        `\`${source.sha256.slice(0, 16)}\``,
      ]),
    ),
    `Left out: ${format(records.skipped)} broken or unusable files (\`skipped.jsonl\` names each with its reason), ${format(records.sameRecording)} further files of recordings that are already in.`,
    "## Splits",
    `${manifest.splitRule}. Seed ${manifest.seed}. Recordings: train ${format(records.bySplit.train)}, val ${format(records.bySplit.val)}, test ${format(records.bySplit.test)}.`,
    "## Items",
    countTable(manifest),
    `Letters of the right answers: ${Object.entries(manifest.letterShares)
      .map(([letter, share]) => `${letter} ${percent(share)}`)
      .join(", ")}.`,
    ...textLeakSection(facts.textLeak),
    ...auditSection(facts.audit),
    "## Limits",
    (facts.limits ?? []).map((limit) => `- ${limit}`).join("\n"),
    "## Files",
    "`manifest.json`, `records.jsonl` (one recording a line), `items/<split>-*.jsonl` and `.parquet`, `signals/*.npy` (float32, leads x samples, mV, cleaned, 250 Hz), `images/*.png`, `skipped.jsonl`, `audit.json`.",
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function textLeakSection(leak: TextLeak | undefined): string[] {
  if (!leak) return [];
  return [
    "## Does the text alone give the answer away?",
    `A bag-of-words model trained on the questions and options of train answers ${percent(leak.accuracy)} of ${format(leak.items)} closed questions of val and test; guessing gives ${percent(leak.chance)}.`,
  ];
}

function auditSection(audit: AuditReport | undefined): string[] {
  if (!audit) return [];
  const { fingerprints } = audit;
  return [
    "## Leakage audit",
    `${audit.leaks.length === 0 ? "No leak found" : `**${audit.leaks.length} leaks found**`}; ${audit.copies.length} duplicates of the sources themselves lie inside one split: ` +
      `identities, patients, examinations, waveform hashes, pictures and items were checked, and the waveforms of ${format(fingerprints.pairs)} pairs of different patients compared ` +
      `(${format(fingerprints.aligned)} aligned sample by sample; ${fingerprints.above} above ${fingerprints.threshold}, of these ${fingerprints.aboveKnownStrangers} between patients known to be different; the highest below is ${fingerprints.highestBelow}). ` +
      `${audit.equalTexts.texts} report texts stand in more than one split (short standard sentences; see \`audit.json\`).`,
  ];
}

function countTable(manifest: DatasetManifest): string {
  const rows = new Map<string, { cells: string[]; counts: Record<string, number> }>();
  for (const cell of manifest.counts) {
    const key = [cell.task, cell.subset, cell.dimension].join("|");
    const row = rows.get(key) ?? { cells: [cell.task, cell.subset, cell.dimension], counts: {} };
    row.counts[cell.split] = (row.counts[cell.split] ?? 0) + cell.count;
    rows.set(key, row);
  }
  return table(
    ["task", "subset", "dimension", "train", "val", "test"],
    [...rows.values()].map(({ cells, counts }) => [
      ...cells,
      ...["train", "val", "test"].map((split) => format(counts[split] ?? 0)),
    ]),
  );
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

function format(value: number): string {
  return value.toLocaleString("en-US");
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
