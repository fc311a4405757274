// readStatements: the statements that a model takes to be present in each shown recording, with their names.
import { findStatement } from "../../labels/find-statement.ts";
import type { StatementKey } from "../../record/statement.ts";
import type { HeartcareModel, ShownPrompt } from "./heartcare-model.ts";
import { PRESENT_WEIGHT } from "./statement-head.ts";

export type ReadStatement = {
  readonly key: StatementKey;
  readonly name: string;
  /** 0.5 to 1: how sure the model is. How frequent a statement is counts, yet this is no calibrated probability. */
  readonly share: number;
};

/** So many are told. */
const MOST = 6;
/** A statement that fewer recordings were known to have, or not to have, was never learned: nothing is told of it. */
const FEWEST_RECORDINGS = 5;
/** So much of any log odds is not the recording's. */
const HEAD_START: number = Math.log(PRESENT_WEIGHT);

/** By recording, surest first; nothing for a model that does not read. */
export async function readStatements(model: HeartcareModel, shown: ShownPrompt): Promise<ReadStatement[][]> {
  const read = await model.read(shown);
  return read.map((evidence) =>
    [...(evidence ?? [])]
      .filter(([, { logOdds, recordings }]) => logOdds > HEAD_START && recordings >= FEWEST_RECORDINGS)
      .sort(([, a], [, b]) => b.logOdds - a.logOdds)
      .slice(0, MOST)
      .map(([key, { logOdds }]) => ({
        key,
        name: findStatement(key)?.name ?? key,
        share: 1 / (1 + Math.exp(HEAD_START - logOdds)),
      })),
  );
}
