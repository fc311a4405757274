// heartcare data fetch: a public data set file by file, checked, and gone on with after an interruption.
import type { Command } from "commander";
import { KNOWN_DATASETS, type KnownDataset, knownDataset } from "../../sources/fetch/known-datasets.ts";
import {
  countThere,
  type FetchPlan,
  type FetchSummary,
  fetchDataset,
  planFetch,
} from "../../sources/node/fetch-dataset.ts";
import { withInterrupt } from "../abort-on-interrupt.ts";
import { wholeNumber } from "../parse-options.ts";
import { printJson, printLine, printNote, printTable } from "../print.ts";
import { startProgress } from "../progress.ts";

type Flags = {
  readonly out?: string;
  readonly only?: readonly string[];
  readonly from?: string;
  readonly parallel: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
};

const SHOWN_FILES = 5;

/** Register the command. */
export function registerDataFetch(parent: Command): void {
  parent
    .command("fetch [dataset]")
    .description("fetch a public data set from PhysioNet and check every file; without a name: list them")
    .option("--out <dir>", "folder for it (default: the name of the data set)")
    .option("--only <parts>", "comma-separated files and folders of the data set", (text: string) =>
      text.split(",").map((part) => part.trim()),
    )
    .option("--from <url>", "another place that has its files and its SHA256SUMS.txt")
    .option("--parallel <n>", "transfers at the same time", wholeNumber(1), 4)
    .option("--dry-run", "ask for the list of files and say what would be fetched")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      [
        "\nExamples:",
        "  heartcare data fetch ludb --dry-run",
        "  heartcare data fetch ptb-xl --only ptbxl_database.csv,scp_statements.csv,LICENSE.txt,records500",
        "  The same command again goes on where it stopped; what is there is checked, not fetched.",
        "  Tried against a local server only: fetching from physionet.org itself is untested. SHA-256 guards against",
        "  damage, not against a server that lies: list and files come from the same place.",
      ].join("\n"),
    )
    .action(fetchCommand);
}

async function fetchCommand(name: string | undefined, flags: Flags): Promise<void> {
  if (name === undefined) return listDatasets(flags);
  const dataset = knownDataset(name);
  const out = flags.out ?? dataset.name;
  const plan = await planFetch(flags.from ?? dataset.url, flags.only);
  if (flags.dryRun) return printPlan(dataset, plan, out, flags);
  printNote(`${dataset.title} ${dataset.version}, ${dataset.licence}, from ${plan.url}`);
  const summary = await fetchWithProgress(dataset, plan, out, flags);
  const { url } = plan;
  if (flags.json) return printJson({ dataset: dataset.name, url, licence: dataset.licence, out, ...summary });
  printLine(
    `${out}: ${summary.files} files as ${url}SHA256SUMS.txt says; ${summary.fetched} fetched (${megabytes(summary.bytes)}), ${summary.kept} there already`,
  );
  printLine(`licence: ${dataset.licence}; next: heartcare data build ${out} --out heartcare-data`);
}

async function fetchWithProgress(
  dataset: KnownDataset,
  plan: FetchPlan,
  out: string,
  { parallel, json }: Flags,
): Promise<FetchSummary> {
  const total = plan.files.length;
  const progress = startProgress({ label: dataset.name, total, unit: "files", quiet: json === true });
  try {
    return await withInterrupt((signal) =>
      fetchDataset(plan, out, {
        parallel,
        signal,
        onProgress: (done, _, bytes) => progress.update(done, megabytes(bytes)),
      }),
    );
  } finally {
    progress.finish();
  }
}

function printPlan(dataset: KnownDataset, plan: FetchPlan, out: string, { json, only }: Flags): void {
  const { url, files } = plan;
  const there = countThere(plan, out);
  const names = files.map(({ name }) => name);
  const { title, version, licence, approximateBytes } = dataset;
  if (json) {
    const known = { dataset: dataset.name, version, licence, approximateBytes };
    printJson({ ...known, url, out, files: names, there });
    return;
  }
  printLine(`${title} ${version}`);
  printLine(`from: ${url}`);
  printLine(`licence: ${licence}`);
  printLine(`would fetch: ${names.length} files into ${out}, ${there} of them there by name (to be checked)`);
  printLine(`size: about ${megabytes(approximateBytes)}${only ? " for the whole data set" : ""}`);
  for (const name of names.slice(0, SHOWN_FILES)) printLine(`  ${name}`);
  if (names.length > SHOWN_FILES) printLine(`  and ${names.length - SHOWN_FILES} more`);
}

function listDatasets({ json }: Flags): void {
  if (json) {
    printJson(KNOWN_DATASETS);
    return;
  }
  printTable(
    ["name", "version", "size", "licence", "what"],
    KNOWN_DATASETS.map(({ name, version, approximateBytes, licence, title }) => [
      name,
      version,
      `about ${megabytes(approximateBytes)}`,
      licence,
      title,
    ]),
  );
}

/** 3.1 GB, 30 MB, 0.4 MB: thousands, as disks are sold. */
function megabytes(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`;
  return `${(bytes / 1e6).toFixed(bytes >= 10e6 ? 0 : 1)} MB`;
}
