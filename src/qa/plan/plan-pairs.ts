// Which recordings are compared: successive ones of a patient, and recordings of different patients of one source.
import type { StatementKey } from "../../record/statement.ts";
import type { QaRecord } from "../qa-record.ts";
import { type RecordFacts, recordFacts } from "../record-facts.ts";
import type { Relation } from "../templates/comparison-questions.ts";
import type { PlannedRecord } from "./closed-candidates.ts";
import { inSeededOrder, originOf, seededOrder } from "./strata.ts";

/** What the comparison plan needs to know of a record. */
export type ComparedRecord = PlannedRecord & Pick<QaRecord, "patientId" | "acquiredAt" | "split">;

export type RecordPair = {
  readonly first: ComparedRecord;
  readonly second: ComparedRecord;
  readonly relation: Relation;
};

export type PairOptions = {
  readonly seed: number;
  /** Irrelevant pairs that each record starts: every second one shares a finding with its partner. Default 2. */
  readonly pairsPerRecord?: number;
};

/**
 * Pairs of recordings, never across splits.
 *
 * Consecutive: neighbours in time (then by id) among the recordings of one patient. Irrelevant: each record with
 * partners of other patients of its source, label scope and split, alternately one that shares one of its rarer findings (so
 * that "both show it" has examples) and any. Each pair once; which comes first is settled by hash. Deterministic in
 * the set of records and the seed.
 */
export function planPairs(records: readonly ComparedRecord[], options: PairOptions): RecordPair[] {
  return [...consecutivePairs(records), ...irrelevantPairs(records, options)];
}

function consecutivePairs(records: readonly ComparedRecord[]): RecordPair[] {
  const pairs: RecordPair[] = [];
  for (const [, group] of groupBy(records, (record) => `${record.split ?? ""}|${record.patientId}`)) {
    const inTime = [...group].sort(
      (a, b) => compare(a.acquiredAt ?? "", b.acquiredAt ?? "") || compareIds(a.recordId, b.recordId),
    );
    for (const [index, second] of inTime.entries()) {
      const first = inTime[index - 1];
      if (first !== undefined && first.recordId !== second.recordId) {
        pairs.push({ first, second, relation: "consecutive" });
      }
    }
  }
  return pairs.sort((a, b) => compare(pairKey(a), pairKey(b)));
}

function irrelevantPairs(records: readonly ComparedRecord[], options: PairOptions): RecordPair[] {
  const pairs = new Map<string, RecordPair>();
  for (const [, group] of groupBy(records, (record) => `${record.split ?? ""}|${originOf(record)}`)) {
    const ordered = inSeededOrder(group, options.seed, (record) => record.recordId);
    const findings = new Map(ordered.map((record) => [record, certainKeys(recordFacts(record))]));
    const byFinding = findingIndex(findings);
    for (const [position, record] of ordered.entries()) {
      for (let turn = 0; turn < (options.pairsPerRecord ?? 2); turn++) {
        const draw = seededOrder(options.seed, `${record.recordId}#${turn}`);
        const pool = turn % 2 === 0 ? sharingPool(findings.get(record) ?? [], byFinding, draw) : ordered;
        const partner = pickPartner(record, pool, position + turn, options.seed);
        if (partner === undefined) continue;
        const swap = seededOrder(options.seed, `${record.recordId}>${partner.recordId}`) % 2 === 1;
        const pair: RecordPair = {
          first: swap ? partner : record,
          second: swap ? record : partner,
          relation: "irrelevant",
        };
        const key = [record.recordId, partner.recordId].sort().join("+");
        if (!pairs.has(key)) pairs.set(key, pair);
      }
    }
  }
  return [...pairs.values()].sort((a, b) => compare(pairKey(a), pairKey(b)));
}

/** Records that share one of the record's findings, drawn by hash among its three rarest. */
function sharingPool(
  keys: readonly StatementKey[],
  byFinding: ReadonlyMap<string, readonly ComparedRecord[]>,
  draw: number,
): readonly ComparedRecord[] {
  const pools = keys
    .map((key) => byFinding.get(key) ?? [])
    .filter((pool) => pool.length > 1)
    .sort((a, b) => a.length - b.length)
    .slice(0, 3);
  return pools[draw % Math.max(1, pools.length)] ?? [];
}

/** A partner of another patient: the place in the pool is drawn by hash, the search goes on from there. */
function pickPartner(
  record: ComparedRecord,
  pool: readonly ComparedRecord[],
  turn: number,
  seed: number,
): ComparedRecord | undefined {
  if (pool.length === 0) return undefined;
  const start = seededOrder(seed, `${record.recordId}?${turn % 7}`) % pool.length;
  for (let step = 0; step < Math.min(pool.length, 20); step++) {
    const partner = pool[(start + step) % pool.length];
    if (partner !== undefined && partner.patientId !== record.patientId) return partner;
  }
  return undefined;
}

function findingIndex(
  findings: ReadonlyMap<ComparedRecord, readonly StatementKey[]>,
): Map<string, ComparedRecord[]> {
  const index = new Map<string, ComparedRecord[]>();
  for (const [record, keys] of findings) {
    for (const key of keys) {
      const list = index.get(key) ?? [];
      list.push(record);
      index.set(key, list);
    }
  }
  return index;
}

function certainKeys(facts: RecordFacts): StatementKey[] {
  return [...new Set(Object.values(facts).flatMap((part) => part.certain))];
}

function groupBy<T>(values: readonly T[], key: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const list = groups.get(key(value)) ?? [];
    list.push(value);
    groups.set(key(value), list);
  }
  return groups;
}

function pairKey(pair: RecordPair): string {
  return `${pair.first.recordId}+${pair.second.recordId}`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `ptbxl:9` before `ptbxl:10`. */
function compareIds(a: string, b: string): number {
  const number = (id: string): number => Number(/(\d+)$/.exec(id)?.[1] ?? Number.NaN);
  const difference = number(a) - number(b);
  return Number.isNaN(difference) || difference === 0 ? compare(a, b) : difference;
}
