// Reference outputs of scipy on our own signals: test/fixtures/signal/<case>/ (made by scripts/goldens/signal.py).
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readNpy } from "../../src/shared/npy.ts";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../fixtures/signal");

export type Fixture<Facts> = {
  readonly name: string;
  /** Rows of input.npy (one for a 1-D array). */
  readonly input: readonly Float64Array[];
  /** expected.npy, flat. */
  readonly expected: Float64Array;
  readonly facts: Facts;
};

/** All cases whose expected.json says `kind`: drop a folder there and it is tested. */
export function readFixtures<Facts>(kind: string): Fixture<Facts>[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const facts = JSON.parse(readFileSync(join(folder, name, "expected.json"), "utf8"));
      if (facts.kind !== kind) return [];
      const input = readNpy(readFileSync(join(folder, name, "input.npy")));
      const columns = input.shape[input.shape.length - 1]!;
      const rows = input.shape.length === 1 ? 1 : input.shape[0]!;
      const expected = Float64Array.from(readNpy(readFileSync(join(folder, name, "expected.npy"))).data);
      const row = (r: number): Float64Array =>
        Float64Array.from(input.data.slice(r * columns, (r + 1) * columns));
      return [{ name, facts, input: Array.from({ length: rows }, (_, r) => row(r)), expected }];
    });
}
