// packBatch: a question packed with others has the loss and the logits that it has alone, and sees nothing of them.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CompiledInference, compileInference } from "../../../src/graph/compile-inference.ts";
import { createGraph } from "../../../src/graph/graph.ts";
import { loadNodeRuntime } from "../../../src/graph/node/load-node-runtime.ts";
import { createParameterStore } from "../../../src/graph/parameter-store.ts";
import type { LanguageConfig } from "../../../src/model/config/language-config.ts";
import { buildHeartcare, HEARTCARE_INPUTS } from "../../../src/model/dspa/build-heartcare.ts";
import { promptFrame } from "../../../src/model/dspa/build-prompt.ts";
import { tilesPerImage, vectorsPerSegment } from "../../../src/model/dspa/heartcare-config.ts";
import { LANGUAGE_INPUTS } from "../../../src/model/language/build-language-model.ts";
import { addTokens, ECG_TOKENS } from "../../../src/model/tokenizer/grow-vocabulary.ts";
import { createTokenizer } from "../../../src/model/tokenizer/load-tokenizer.ts";
import { createRng } from "../../../src/shared/rng.ts";
import type { Question, Shown } from "../../../src/training/heartcare/draw-sequences.ts";
import {
  type PackedBatch,
  type PackOptions,
  packBatch,
  type RowContent,
} from "../../../src/training/heartcare/pack-batch.ts";
import { TINY_HEARTCARE } from "../../model/tiny-heartcare.ts";
import { TINY_QWEN2, TINY_VISION, tinyTokenizer } from "../../model/tiny-models.ts";

const { tokenizer } = addTokens(createTokenizer(tinyTokenizer()), ECG_TOKENS);
const LANGUAGE: LanguageConfig = {
  ...TINY_QWEN2,
  vocabularySize: tokenizer.size,
  maxPositions: 1024,
  endTokenIds: [tokenizer.idOf("<|im_end|>")!],
  padTokenId: tokenizer.idOf("<|endoftext|>")!,
};
const ROOM = { batch: 2, tokens: 448, targets: 160, segments: 5, images: 2 };
const OPTIONS: PackOptions = {
  ...ROOM,
  language: LANGUAGE,
  tokenizer,
  frame: promptFrame(tokenizer),
  sizes: {
    vectorsPerSegment: vectorsPerSegment(TINY_HEARTCARE),
    vectorsPerImage: tilesPerImage(TINY_HEARTCARE),
  },
};
const PATCHES = (TINY_VISION.imageSize / TINY_VISION.patchSize) ** 2;
/** Numbers of one segment, of its scale, and of one picture. */
const SIZES = {
  vectors: TINY_HEARTCARE.signal.queryCount * TINY_HEARTCARE.signal.dimension,
  scales: 2 * TINY_HEARTCARE.signal.leadCount,
  patches: 12 * PATCHES * TINY_VISION.channelCount * TINY_VISION.patchSize ** 2,
};

/** A recording by the name that its random features are drawn from. */
type Recording = { readonly name: string; readonly segments: number; readonly images: number };
type Row = {
  readonly recordings: readonly Recording[];
  readonly context: string;
  readonly questions: readonly Question[];
};

const RHYTHM: Question = {
  instruction: "Which rhythm? A: sinus rhythm; B: atrial fibrillation",
  answer: "B: atrial fibrillation",
  firstWeight: 2,
  restWeight: 0.1,
  offered: { options: ["sinus rhythm", "atrial fibrillation"], right: 1, weight: 1.5 },
  named: [{ end: "Which rhythm".length, present: [true] }],
};
const AXIS: Question = {
  instruction: "normal axis?",
  answer: " yes",
  bare: true,
  firstWeight: 2,
  restWeight: 0,
};
const REPORT: Question = {
  instruction: "Write a report.",
  answer: "sinus bradycardia with normal axis",
  firstWeight: 0.4,
  restWeight: 0.4,
};
const CHANGE: Question = {
  ...REPORT,
  instruction: "normal axis: A: new; B: gone",
  answer: "B: gone",
  offered: { options: ["new", "gone"], right: 1, weight: 1.5 },
  named: [{ end: "normal axis".length, present: [true, false] }],
};

/** One recording as both, and after it two of other modalities: their features lie further on in the tables. */
const ROWS: readonly [Row, Row] = [
  {
    recordings: [{ name: "a", segments: 3, images: 1 }],
    context: "12-lead ECG signal, 10 s. sinus rhythm",
    questions: [RHYTHM, AXIS, REPORT],
  },
  {
    recordings: [
      { name: "b", segments: 2, images: 0 },
      { name: "c", segments: 0, images: 1 },
    ],
    context: "First ECG: signal. Second ECG: image.",
    questions: [CHANGE, { ...AXIS, answer: " no" }],
  },
];

let programs: { readonly logits: CompiledInference; readonly loss: CompiledInference };
beforeAll(async () => {
  const runtime = await loadNodeRuntime();
  const parts = { language: LANGUAGE, vision: TINY_VISION, heartcare: TINY_HEARTCARE };
  const forLogits = createGraph();
  const logits = buildHeartcare(forLogits, parts, ROOM).targetLogits(ROOM.targets);
  const loss = buildHeartcare(createGraph(), parts, ROOM).loss(ROOM.targets);
  const store = createParameterStore(forLogits, { seed: "packed" });
  const session = { threads: 1 };
  programs = {
    logits: await compileInference({ runtime, store, outputs: { logits }, session }),
    loss: await compileInference({ runtime, store, outputs: { loss }, session }),
  };
});
afterAll(async () => {
  await programs.logits.dispose();
  await programs.loss.dispose();
});

type Inputs = Record<string, Float32Array | BigInt64Array>;

function pack(rows: readonly Row[]): PackedBatch & { readonly all: Inputs } {
  const contents = rows.map(
    ({ recordings, context, questions }): RowContent => ({
      plan: {
        shown: recordings.map(
          ({ segments, images }) => ({ entry: {}, signal: segments > 0, image: images > 0 }) as Shown,
        ),
        context,
        questions,
      },
      segments: recordings.map(({ segments }) => segments),
    }),
  );
  const packed = packBatch(contents, OPTIONS);
  const table = (kind: keyof typeof SIZES, room: number, count: (one: Recording) => number): Float32Array => {
    const drawn = rows
      .flatMap(({ recordings }) => recordings)
      .map((one) => {
        const rng = createRng(`${one.name}/${kind}`);
        return Array.from({ length: count(one) * SIZES[kind] }, () => rng.normal());
      });
    const values = new Float32Array(room * SIZES[kind]);
    values.set(drawn.flat());
    return values;
  };
  const features = {
    [HEARTCARE_INPUTS.vectors]: table("vectors", ROOM.segments, ({ segments }) => segments),
    [HEARTCARE_INPUTS.scales]: table("scales", ROOM.segments, ({ segments }) => segments),
    [HEARTCARE_INPUTS.patches]: table("patches", ROOM.images, ({ images }) => images),
  };
  return { ...packed, all: { ...packed.inputs, ...features } };
}

type Asked = {
  /** Of each learned token: offered answers first, then named findings, then the answer. */
  readonly logits: readonly Float32Array[];
  readonly ids: readonly number[];
  readonly weights: readonly number[];
  readonly loss: number;
};

/** What every question of a batch gets, in the order of rows and questions. */
async function ask(packed: ReturnType<typeof pack>): Promise<Asked[]> {
  const { [LANGUAGE_INPUTS.targetIds]: ids, [HEARTCARE_INPUTS.targetWeights]: weights, ...rest } = packed.all;
  const { logits } = await programs.logits.run(rest);
  const width = LANGUAGE.vocabularySize;
  const values = logits!.data as Float32Array;
  const starts = packed.firsts.map(({ target, offered }) => offered[0] ?? target);
  const count = [...(ids as BigInt64Array)].indexOf(-100n);
  return starts.map((from, index) => {
    const places = Array.from({ length: (starts[index + 1] ?? count) - from }, (_, i) => from + i);
    const asked = {
      logits: places.map((place) => values.slice(place * width, (place + 1) * width)),
      ids: places.map((place) => Number(ids![place])),
      weights: places.map((place) => Number(weights![place])),
    };
    return { ...asked, loss: lossOf(asked) };
  });
}

/** Weighted mean cross entropy in double precision. */
function lossOf({ logits, ids, weights }: Omit<Asked, "loss">): number {
  const sum = logits.reduce((total, row, i) => {
    const largest = Math.max(...row);
    const normaliser = largest + Math.log(row.reduce((all, value) => all + Math.exp(value - largest), 0));
    return total + weights[i]! * (normaliser - row[ids[i]!]!);
  }, 0);
  return sum / weights.reduce((all, weight) => all + weight, 0);
}

const alone = async (row: Row, question: Question): Promise<Asked> =>
  (await ask(pack([{ ...row, questions: [question] }])))[0]!;
const largestGap = (a: Asked, b: Asked): number =>
  Math.max(...a.logits.flatMap((row, i) => [...row].map((value, j) => Math.abs(value - b.logits[i]![j]!))));

describe("packed questions", () => {
  it("have the loss and the logits that each has alone, in both rows and with all features", async () => {
    const packed = pack(ROWS);
    expect(packed.leftOut).toBe(0);
    const together = await ask(packed);
    const questions = ROWS.flatMap((row) => row.questions.map((question) => ({ row, question })));
    expect(together).toHaveLength(5);
    for (const [index, { row, question }] of questions.entries()) {
      const one = await alone(row, question);
      const two = together[index]!;
      expect(two.ids, question.instruction).toEqual(one.ids);
      expect(two.weights).toEqual(one.weights);
      expect(Math.abs(two.loss - one.loss), question.instruction).toBeLessThan(1e-4);
      expect(largestGap(two, one), question.instruction).toBeLessThan(1e-4);
    }
    // the losses of the five tell them apart, so that a mix-up would show
    expect(new Set(together.map(({ loss }) => loss.toFixed(2))).size).toBe(5);
  });

  it("add up to the loss that training makes small", async () => {
    const packed = pack(ROWS);
    const together = await ask(packed);
    const { loss } = await programs.loss.run(packed.all);
    const weight = ({ weights }: Asked): number => weights.reduce((all, one) => all + one, 0);
    const all = together.reduce((sum, one) => sum + weight(one), 0);
    const mean = together.reduce((sum, one) => sum + one.loss * weight(one), 0) / all;
    expect(Number(loss!.data[0])).toBeCloseTo(mean, 4);
  });

  it("learn their own answers: the tokens of the verdicts, of the answer and of its end", async () => {
    const [rhythm, axis, , change] = await ask(pack(ROWS));
    const [yes, no] = [" yes", " no"].map((text) => tokenizer.encode(text)[0]!);
    const answer = tokenizer.encode(RHYTHM.answer);
    expect(rhythm?.ids).toEqual([no, yes, yes, ...answer, LANGUAGE.endTokenIds[0]]);
    expect(rhythm?.weights.slice(0, 4)).toEqual([1.5, 1.5, 1, 2]);
    expect(axis?.ids).toEqual(tokenizer.encode(AXIS.answer));
    expect(axis?.ids[0]).toBe(yes);
    expect(change?.ids.slice(0, 4)).toEqual([no, yes, yes, no]);
  });
});

describe("a packed question", () => {
  const replaced = (index: number, question: Question): readonly Row[] => [
    { ...ROWS[0], questions: ROWS[0].questions.map((one, i) => (i === index ? question : one)) },
    ROWS[1],
  ];

  it("does not see its neighbours: others of the same length before it and any after it", async () => {
    const before = await ask(pack(ROWS));
    // as many tokens, so that every place stays where it was
    const other = { ...AXIS, instruction: "normal sixa?", answer: " yes" };
    expect(tokenizer.encode(other.instruction)).not.toEqual(tokenizer.encode(AXIS.instruction));
    const changed = await ask(pack(replaced(1, other)));
    expect(Math.abs(changed[1]!.loss - before[1]!.loss)).toBeGreaterThan(1e-3);
    for (const index of [0, 2, 3, 4]) {
      expect(Math.abs(changed[index]!.loss - before[index]!.loss)).toBeLessThan(1e-6);
    }
    const longer = await ask(pack(replaced(2, { ...REPORT, answer: "atrial fibrillation" })));
    for (const index of [0, 1]) expect(longer[index]!.loss).toBe(before[index]!.loss);
  });

  it("does not see the recordings of another row", async () => {
    const before = await ask(pack(ROWS));
    const other = ROWS[1].recordings.map((one) => ({ ...one, name: `${one.name}, another` }));
    const changed = await ask(pack([ROWS[0], { ...ROWS[1], recordings: other }]));
    for (const index of [0, 1, 2]) {
      expect(Math.abs(changed[index]!.loss - before[index]!.loss)).toBeLessThan(1e-6);
    }
    for (const index of [3, 4]) {
      expect(Math.abs(changed[index]!.loss - before[index]!.loss)).toBeGreaterThan(1e-4);
    }
  });

  it("sees its own recording, signal and picture each", async () => {
    const row = ROWS[0];
    const whole = await alone(row, RHYTHM);
    for (const seen of [
      { name: "a", segments: 0, images: 1 },
      { name: "a", segments: 3, images: 0 },
      { name: "another", segments: 3, images: 1 },
    ]) {
      const other = await alone({ ...row, recordings: [seen] }, RHYTHM);
      expect(Math.abs(other.loss - whole.loss)).toBeGreaterThan(1e-4);
    }
  });

  it("would see them under a plain causal mask: the comparison can fail", async () => {
    const packed = pack(ROWS);
    const together = await ask(packed);
    const mask = (packed.all[LANGUAGE_INPUTS.mask] as Float32Array).slice();
    const { tokens } = ROOM;
    for (let place = 0; place < tokens; place++) mask.fill(0, place * tokens, place * tokens + place + 1);
    const leaky = await ask({ ...packed, all: { ...packed.all, [LANGUAGE_INPUTS.mask]: mask } });
    expect(leaky[0]!.loss).toBeCloseTo(together[0]!.loss, 4);
    for (const index of [1, 2]) {
      expect(Math.abs(leaky[index]!.loss - together[index]!.loss)).toBeGreaterThan(1e-3);
    }
  });
});
