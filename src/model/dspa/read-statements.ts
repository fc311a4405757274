// readStatements: the statements for which a model reads most evidence in each shown recording, with their names.
import { findStatement } from "../../labels/find-statement.ts";
import type { StatementKey } from "../../record/statement.ts";
import type { HeartcareModel, ShownPrompt } from "./heartcare-model.ts";

export type ReadStatement = {
  readonly key: StatementKey;
  readonly name: string;
  /** 0 to 1; 0.5 where nothing speaks for or against. No probability: how seldom a statement is does not count. */
  readonly share: number;
};

/** So many are told. */
const MOST = 6;

/** By recording, those that more speaks for than against, surest first; nothing for a model that does not read. */
export async function readStatements(model: HeartcareModel, shown: ShownPrompt): Promise<ReadStatement[][]> {
  const read = await model.read(shown);
  return read.map((evidence) =>
    [...(evidence ?? [])]
      .filter(([, odds]) => odds > 0)
      .sort(([, a], [, b]) => b - a)
      .slice(0, MOST)
      .map(([key, odds]) => ({
        key,
        name: findStatement(key)?.name ?? key,
        share: 1 / (1 + Math.exp(-odds)),
      })),
  );
}
