import { describe, expect, it } from "vitest";
import {
  encodeStatementHead,
  READING_PLACES,
  readStatementHead,
  STATEMENTS_FILE,
  type StatementHead,
  statementLogOdds,
  statementReadings,
} from "../../../src/model/dspa/statement-head.ts";
import { createMemoryFileStore } from "../../../src/shared/memory-file-store.ts";

const HEAD: StatementHead = {
  keys: ["scp:AFIB", "scp:SR"],
  layerCount: 2,
  norm: Float32Array.of(1, 2),
  weight: Float32Array.of(1, 0, 0.5, -1),
  bias: Float32Array.of(0, 0.25),
  rest: Float32Array.of(1, 1, -2, 0.5),
  recordings: Float32Array.of(7, 40, 30, 12),
};
const LANGUAGE = { hiddenSize: 2, layerCount: 3 };

const folder = (head: Uint8Array) => createMemoryFileStore({ [`m/${STATEMENTS_FILE}`]: head });

describe("statement head", () => {
  it("norms the state, then reads each statement linearly", () => {
    // by hand: root mean square of (3, -4) is sqrt(12.5); normed and scaled (3, -8) / sqrt(12.5)
    const [afib, sinus] = statementLogOdds(HEAD, Float32Array.of(3, -4));
    expect(afib).toBeCloseTo(3 / Math.sqrt(12.5), 5);
    expect(sinus).toBeCloseTo(0.25 + (1.5 + 8) / Math.sqrt(12.5), 5);
  });

  it("weighs them against what they are where nothing speaks for or against, place by place", () => {
    const hidden = Float32Array.of(3, -4);
    const odds = statementLogOdds(HEAD, hidden);
    const read = READING_PLACES.map((place) => statementReadings(HEAD, place, hidden));
    expect(read.map((evidence) => evidence.get("scp:AFIB")!.evidence - odds[0]!)).toEqual([
      expect.closeTo(-1, 5),
      expect.closeTo(2, 5),
    ]);
    expect(read.map((evidence) => evidence.get("scp:SR")!.evidence - odds[1]!)).toEqual([
      expect.closeTo(-1, 5),
      expect.closeTo(-0.5, 5),
    ]);
    const first = [...read[0]!.values()];
    expect(first.map(({ logOdds }) => logOdds)).toEqual([...odds]);
    expect(first.map(({ recordings }) => recordings)).toEqual([7, 12]);
  });

  it("comes back from its file", async () => {
    expect(await readStatementHead(folder(encodeStatementHead(HEAD)), "m", LANGUAGE)).toEqual(HEAD);
    const half = await readStatementHead(folder(encodeStatementHead(HEAD, "F16")), "m", LANGUAGE);
    expect(half).toEqual(HEAD);
    expect(await readStatementHead(createMemoryFileStore({}), "m", LANGUAGE)).toBeUndefined();
  });

  it("refuses a file of another model, naming what does not fit", async () => {
    const store = folder(encodeStatementHead(HEAD));
    await expect(readStatementHead(store, "m", { hiddenSize: 4, layerCount: 3 })).rejects.toThrow(
      expect.objectContaining({
        code: "SHAPE_MISMATCH",
        message: "m/statements.safetensors: expected norm (4), found (2)",
      }),
    );
    await expect(readStatementHead(store, "m", { hiddenSize: 2, layerCount: 1 })).rejects.toThrow(
      "expected statements and 1 to 1 layers in its metadata, found 2 statements and 2 layers",
    );
  });
});
