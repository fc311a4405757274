// How often the rule-based reading agrees with the labels of PTB-XL, the Challenge and LUDB; written into docs/delineation.md.
// npx tsx scripts/evaluate-reading.ts [../shared/data]
import { readFileSync, writeFileSync } from "node:fs";
import { statementDefinition } from "../src/labels/find-statement.ts";
import { type StatementKey, statementKey } from "../src/record/statement.ts";
import { diskFileStore } from "../src/shared/disk-file-store.ts";
import { interpretMeasurements } from "../src/signal/measure/interpret-measurements.ts";
import { measureIntervals } from "../src/signal/measure/measure-intervals.ts";
import { openSource } from "../src/sources/open-source.ts";

/** Readings below this confidence are not counted. */
const LEAST_CONFIDENCE = 0.4;
const SOURCES = ["ptb-xl", "challenge-2021", "ludb"] as const;
type Count = { both: number; onlyRead: number; onlyLabelled: number };

const newCount = (): Count => ({ both: 0, onlyRead: 0, onlyLabelled: 0 });

/** No file lists "normal axis" whenever it holds: its absence counts only where another axis is labelled. */
function silenceSaysNothing(key: StatementKey, labelled: ReadonlySet<StatementKey>): boolean {
  const { absentOnlyByContrast, contrast } = statementDefinition(key);
  return (
    absentOnlyByContrast && ![...labelled].some((other) => statementDefinition(other).contrast === contrast)
  );
}

/** Absence counts only inside the record's label scope. */
async function countSource(path: string): Promise<{ counts: Map<StatementKey, Count>; records: number }> {
  const source = await openSource(diskFileStore, path);
  const counts = new Map<StatementKey, Count>();
  const references = await source.list();
  for (const reference of references) {
    const record = await source.read(reference);
    const readings = interpretMeasurements(measureIntervals(record), record.patient);
    const read = new Set(
      readings.filter(({ confidence }) => confidence >= LEAST_CONFIDENCE).map(({ key }) => key),
    );
    const labelled = new Set(record.statements.map(({ code }) => statementKey(code)));
    const scope = new Set(record.labelScope);
    for (const key of new Set([...read, ...labelled])) {
      if (!labelled.has(key) && (!scope.has(key) || silenceSaysNothing(key, labelled))) continue;
      const count = counts.get(key) ?? newCount();
      counts.set(key, count);
      if (!read.has(key)) count.onlyLabelled++;
      else if (labelled.has(key)) count.both++;
      else count.onlyRead++;
    }
  }
  return { counts, records: references.length };
}

function rowOf(key: StatementKey, perSource: readonly Map<StatementKey, Count>[]): string | null {
  const cells = perSource.map((counts) => counts.get(key) ?? newCount());
  const sum = (pick: (count: Count) => number): number =>
    cells.reduce((total, count) => total + pick(count), 0);
  const both = sum((count) => count.both);
  const read = both + sum((count) => count.onlyRead);
  const labelled = both + sum((count) => count.onlyLabelled);
  if (read === 0 || labelled < 5) return null;
  const share = (part: number, whole: number): string => ((100 * part) / whole).toFixed(0);
  const detail = cells.map(({ both: b, onlyRead, onlyLabelled }) => `${b} / ${onlyRead} / ${onlyLabelled}`);
  return `| \`${key}\` | ${labelled} | ${share(both, labelled)} | ${share(both, read)} | ${detail.join(" | ")} |`;
}

const folder = process.argv[2] ?? "../shared/data";
const results: { counts: Map<StatementKey, Count>; records: number }[] = [];
for (const name of SOURCES) results.push(await countSource(`${folder}/${name}`));
const perSource = results.map(({ counts }) => counts);
const keys = [...new Set(perSource.flatMap((counts) => [...counts.keys()]))].sort();
const head = SOURCES.map((name, i) => `${name} (${results[i]?.records ?? 0})`);
const table = [
  `| | labelled | sensitivity % | predictivity % | ${head.join(" | ")} |`,
  `|---|--:|--:|--:|${SOURCES.map(() => "---").join("|")}|`,
  ...keys.flatMap((key) => rowOf(key, perSource) ?? []),
].join("\n");
console.log(table);
const path = new URL("../docs/delineation.md", import.meta.url);
const text = readFileSync(path, "utf8");
const [before, rest] = text.split("<!-- reading -->\n");
const after = rest?.split("<!-- end of reading -->")[1];
if (before === undefined || after === undefined) {
  throw new Error("docs/delineation.md: expected the two marks of the reading");
}
writeFileSync(path, `${before}<!-- reading -->\n\n${table}\n\n<!-- end of reading -->${after}`);
