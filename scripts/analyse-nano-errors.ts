// Error analysis of a run's closed questions: docs/nano-errors/README.md with the tables, and on request pages of confidently wrong
// answers in docs/nano-errors/pictures (ignored by git: recordings are not ours to publish). Run:
//   npx tsx scripts/analyse-nano-errors.ts <run folder> [--out docs/nano-errors] [--dataset <folder>]
//     [--model heartcare-nano --pictures 6]
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { BenchQuestion } from "../src/bench/bench-model.ts";
import { analyseErrors } from "../src/bench/error-analysis.ts";
import { openBenchModel } from "../src/bench/models/open-bench-model.ts";
import { openBench } from "../src/bench/open-bench.ts";
import { renderErrorTables } from "../src/bench/report/error-tables.ts";
import { type ScoredAnswer, scoreItems } from "../src/bench/score-items.ts";
import type { DatasetRecord } from "../src/dataset/dataset-record.ts";
import { readDatasetRecords, readSignal } from "../src/dataset/read-dataset.ts";
import { layoutPage } from "../src/images/build-page.ts";
import { displayListToSvg } from "../src/images/to-svg.ts";
import { sliceSamples } from "../src/record/lead-matrix.ts";
import { writeFileAtomic } from "../src/shared/write-file-atomic.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    out: { type: "string", default: "docs/nano-errors" },
    dataset: { type: "string" },
    model: { type: "string" },
    pictures: { type: "string", default: "6" },
  },
});
const [runFolder] = positionals;
if (!runFolder) {
  process.stderr.write(
    "usage: npx tsx scripts/analyse-nano-errors.ts <run folder> [--model <name or folder>]\n",
  );
  process.exit(2);
}

const run = await scoreItems(runFolder, values.dataset);
const folder = values.dataset ?? run.run.dataset;
const records = new Map<string, DatasetRecord>();
for await (const record of readDatasetRecords(folder)) records.set(record.identity.recordingId, record);
const analysis = analyseErrors(run, (id) => records.get(id)?.amplitudeUnit === "z");
const how = `Made by \`npx tsx scripts/analyse-nano-errors.ts <run>\`; with \`--model <folder>\` it also draws the pages of the surest wrong answers into \`pictures/\`, which stay out of the repository.\n`;
await writeFileAtomic(join(values.out, "README.md"), `${renderErrorTables(analysis)}\n${how}`);
process.stdout.write(
  `${join(values.out, "README.md")}: ${analysis.wrong.length} of ${analysis.items} wrong\n`,
);
if (values.model !== undefined) await drawSurest(values.model, Number(values.pictures));

/** Ask the wrong ones again, for the log keeps no shares, and draw those with the highest. */
async function drawSurest(name: string, count: number): Promise<void> {
  const shares = new Map<string, number>();
  let current = "";
  const { model, shown, dispose } = await openBenchModel(name, {
    dataset: folder,
    seed: run.run.seed,
    onChoice: (_question: BenchQuestion, choice) => shares.set(current, Math.max(...choice.shares)),
  });
  const bench = await openBench(
    folder,
    { split: run.run.split, tasks: ["closed-qa"], seed: run.run.seed },
    shown,
  );
  for (const { item, answer } of analysis.wrong) {
    if (answer.error !== undefined) continue;
    current = item.id;
    await model.answer(bench.question(item));
  }
  await dispose();
  const surest = analysis.wrong
    .filter(({ item }) => shares.has(item.id))
    .sort((a, b) => (shares.get(b.item.id) ?? 0) - (shares.get(a.item.id) ?? 0))
    .slice(0, count);
  for (const [index, wrong] of surest.entries()) {
    const path = join(values.out, "pictures", `wrong-${index + 1}.svg`);
    await writeFileAtomic(path, await drawPage(wrong, shares.get(wrong.item.id) ?? Number.NaN));
    process.stdout.write(`${path}\n`);
  }
}

/** The page with question, right and chosen answer above it. */
async function drawPage({ item, answer }: ScoredAnswer, share: number): Promise<string> {
  const [entry] = item.records;
  const record = records.get(entry?.recordId ?? "");
  if (!entry || !record) return "";
  const signal = sliceSamples(
    await readSignal(folder, record),
    entry.window.startSample,
    entry.window.endSample,
  );
  const page = layoutPage(
    {
      id: item.id,
      samplingRateHz: record.samplingRateHz,
      leads: record.leads,
      signal,
      patient: {},
      statements: [],
      sourceLabels: [],
      labelScope: [],
      identity: record.identity,
      provenance: { format: record.source, path: "", sha256: "" },
    },
    {
      filters: `right ${item.answer} | chosen ${answer.text} (${(100 * share).toFixed(0)}%) | ${entry.modality}, ${record.source}`,
    },
  );
  return displayListToSvg(page);
}
