// calibrateStatements: a trained model's auxiliary labels become its statement head: at which log odds nothing speaks for or
// against a statement is measured on training recordings. Node only.
import { join } from "node:path";
import type { HeartcareModel, StatementEvidence } from "../../model/dspa/heartcare-model.ts";
import { openHeartcare } from "../../model/dspa/node/open-heartcare.ts";
import { preparedOfDataset } from "../../model/dspa/prepare-ecg.ts";
import { showRecording } from "../../model/dspa/show-recording.ts";
import {
  encodeStatementHead,
  READING_PLACES,
  type ReadingPlace,
  STATEMENTS_FILE,
  type StatementHead,
} from "../../model/dspa/statement-head.ts";
import type { RecordFacts } from "../../qa/record-facts.ts";
import { DIMENSIONS, type StatementKey } from "../../record/statement.ts";
import { diskFileStore } from "../../shared/disk-file-store.ts";
import { openSafetensors } from "../../shared/safetensors.ts";
import { writeFileAtomic } from "../../shared/write-file-atomic.ts";
import { AUXILIARY_KEYS } from "./auxiliary-labels.ts";
import { AUXILIARY_FILE } from "./open-base.ts";
import type { Corpus, CorpusRecord } from "./training-corpus.ts";

export type CalibrateStatementsOptions = {
  /** A model folder with {@link AUXILIARY_FILE}. */
  readonly folder: string;
  readonly train: Corpus;
  /** After how many layers the labels were read. */
  readonly layerCount: number;
  readonly threads: number;
  readonly onProgress?: (done: number, total: number) => void;
};

/** Recordings that are read: enough for a mean, spread over the corpus. */
const MOST_RECORDINGS = 600;
/** A statement with few present recordings is taken to lie this far above its mean, as if seen in so many more. */
const PRIOR = { aboveMean: 1.5, recordings: 8 } as const;

/** Write {@link STATEMENTS_FILE}. @throws EcgError as `openHeartcare`. */
export async function calibrateStatements(options: CalibrateStatementsOptions): Promise<void> {
  const { folder, layerCount, train } = options;
  const unmeasured = await readAuxiliary(folder, layerCount);
  const model = await openHeartcare(folder, { threads: options.threads, statementHead: unmeasured });
  try {
    const every = Math.max(1, Math.ceil(train.records.length / MOST_RECORDINGS));
    const chosen = train.records.filter((_, index) => index % every === 0);
    const sums = new Map(READING_PLACES.map((place) => [place, startSums(unmeasured.keys.length)]));
    for (const [index, entry] of chosen.entries()) {
      for (const [place, odds] of await readEverywhere(model, entry)) {
        addReading(sums.get(place)!, unmeasured.keys, odds, entry.facts);
      }
      options.onProgress?.(index + 1, chosen.length);
    }
    const rest = Float32Array.from(READING_PLACES.flatMap((place) => restOf(sums.get(place)!)));
    const { present, absent } = sums.get("signal")!;
    const recordings = Float32Array.from([...present.counts, ...absent.counts]);
    await writeFileAtomic(
      join(folder, STATEMENTS_FILE),
      encodeStatementHead({ ...unmeasured, rest, recordings }),
    );
  } finally {
    await model.dispose();
  }
}

async function readAuxiliary(folder: string, layerCount: number): Promise<StatementHead> {
  const path = join(folder, AUXILIARY_FILE);
  const file = await openSafetensors(await diskFileStore.open(path), path);
  return {
    keys: AUXILIARY_KEYS,
    layerCount,
    norm: await file.readFloats("auxiliary.norm"),
    weight: await file.readFloats("auxiliary.weight"),
    bias: await file.readFloats("auxiliary.bias"),
    rest: new Float32Array(READING_PLACES.length * AUXILIARY_KEYS.length),
    recordings: new Float32Array(2 * AUXILIARY_KEYS.length),
  };
}

type Odds = StatementEvidence;

/** Log odds of a recording as a signal and, by a model that looks at pictures, as a picture. */
async function readEverywhere(model: HeartcareModel, entry: CorpusRecord): Promise<[ReadingPlace, Odds][]> {
  const prepared = preparedOfDataset(entry.row, entry.signal);
  const out: [ReadingPlace, Odds][] = [];
  for (const place of READING_PLACES) {
    if (place === "picture" && !model.vision) continue;
    const { shown, context } = showRecording(model, prepared, {
      shownAs: place === "picture" ? "image" : "signal",
    });
    const [odds] = await model.read(await model.show([shown], context));
    if (odds) out.push([place, odds]);
  }
  return out;
}

type Sums = Readonly<
  Record<"all" | "present" | "absent", { readonly odds: Float64Array; readonly counts: Float64Array }>
>;

function startSums(size: number): Sums {
  const empty = () => ({ odds: new Float64Array(size), counts: new Float64Array(size) });
  return { all: empty(), present: empty(), absent: empty() };
}

function addReading(sums: Sums, keys: readonly StatementKey[], odds: Odds, facts: RecordFacts): void {
  const present = new Set<string>(DIMENSIONS.flatMap((dimension) => facts[dimension].certain));
  const absent = new Set<string>(DIMENSIONS.flatMap((dimension) => facts[dimension].absent));
  for (const [index, key] of keys.entries()) {
    const kinds = present.has(key) ? ["all", "present"] : absent.has(key) ? ["all", "absent"] : ["all"];
    for (const kind of kinds as (keyof Sums)[]) {
      sums[kind].odds[index]! += odds.get(key)?.logOdds ?? 0;
      sums[kind].counts[index]! += 1;
    }
  }
}

/** Half way between recordings with a statement and recordings without it. */
function restOf({ all, present, absent }: Sums): number[] {
  return Array.from(all.odds, (sum, index) => {
    if (all.counts[index] === 0) return 0;
    const mean = sum / all.counts[index]!;
    const { aboveMean, recordings } = PRIOR;
    const known = present.odds[index]! + (mean + aboveMean) * recordings;
    const withIt = known / (present.counts[index]! + recordings);
    const without = absent.counts[index]! > 0 ? absent.odds[index]! / absent.counts[index]! : mean;
    return (withIt + without) / 2;
  });
}
