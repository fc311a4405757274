import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildDataset } from "../../../src/agent/build-dataset.ts";
import { resolveBeatFolder } from "../../../src/beat/node/open-beat.ts";
import { findStatement } from "../../../src/labels/find-statement.ts";
import { STATEMENTS } from "../../../src/labels/statement-table.ts";
import { languageConfigJson } from "../../../src/model/config/language-config.ts";
import { drawTiles } from "../../../src/model/dspa/draw-tiles.ts";
import type { HeartcareConfig } from "../../../src/model/dspa/heartcare-config.ts";
import { openHeartcare } from "../../../src/model/dspa/node/open-heartcare.ts";
import { preparedOfDataset } from "../../../src/model/dspa/prepare-ecg.ts";
import { showRecording } from "../../../src/model/dspa/show-recording.ts";
import { STATEMENTS_FILE } from "../../../src/model/dspa/statement-head.ts";
import { writeModelFolder } from "../../../src/model/weights/node/write-model-folder.ts";
import { synthesizeEcg } from "../../../src/record/synthesize-ecg.ts";
import { openSafetensorsBytes } from "../../../src/shared/safetensors.ts";
import { chooseBeat } from "../../../src/training/heartcare/choose-beat.ts";
import { windowOf } from "../../../src/training/heartcare/encode-views.ts";
import { openBase } from "../../../src/training/heartcare/open-base.ts";
import {
  type TrainHeartcareOptions,
  trainHeartcare,
} from "../../../src/training/heartcare/train-heartcare.ts";
import {
  parseTrainHeartcareOverrides,
  resolveTrainHeartcareConfig,
  type TrainHeartcareConfig,
  type TrainHeartcareOverrides,
} from "../../../src/training/heartcare/train-heartcare-config.ts";
import { readCorpus } from "../../../src/training/heartcare/training-corpus.ts";
import { readLog } from "../../../src/training/training-log.ts";
import { randomLanguageStore, TINY_QWEN2, tinyTokenizer } from "../../model/tiny-models.ts";

const SMALL: TrainHeartcareOverrides = {
  steps: 2,
  batch: 2,
  tokens: 256,
  targets: 96,
  segments: 8,
  images: 1,
  views: 1,
  evaluatedPairs: 2,
  evaluateEvery: 2,
  checkpointEvery: 1,
  logEvery: 1,
  threads: 1,
};

let root: string;
const at = (name: string): string => join(root, name);
const last = (run: string): string => join(at(run), "checkpoints", "last");

function small(overrides: TrainHeartcareOverrides): TrainHeartcareConfig {
  return resolveTrainHeartcareConfig([SMALL, overrides]);
}

function train(run: string, config: TrainHeartcareConfig, more: Partial<TrainHeartcareOptions> = {}) {
  return trainHeartcare({ data: [at("data")], folder: at(run), config, cacheFolder: at("cache"), ...more });
}

async function tensorsOf(path: string): Promise<Map<string, Float32Array>> {
  const file = await openSafetensorsBytes(await readFile(path));
  const tensors = new Map<string, Float32Array>();
  for (const name of file.tensors.keys()) tensors.set(name, await file.readFloats(name));
  return tensors;
}

async function lossesOf(run: string): Promise<number[]> {
  return (await readLog(at(run))).flatMap((line) => (line.kind === "step" ? [line.losses["loss"]!] : []));
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "heartcare-"));
  await buildDataset(["synthetic:60"], {
    out: at("data"),
    seed: 3,
    workers: 1,
    images: false,
    audit: false,
  });
  await train("vision", small({ stage: "vision", batch: 1 }));
  await train("language", small({ stage: "language", segments: 0, images: 0 }));
  const parts = { base: last("language"), vision: last("vision") };
  await train("warm-up", small({ stage: "warm-up" }), parts);
  await train("joint", small({ stage: "joint", steps: 4 }), { base: last("warm-up") });
}, 240_000);
afterAll(() => rm(root, { recursive: true, force: true }));

describe("the stages of a model from scratch", () => {
  it("warm-up moves the projectors and nothing else", async () => {
    const [before, after] = await Promise.all([
      tensorsOf(join(last("language"), "model.safetensors")),
      tensorsOf(join(last("warm-up"), "model.safetensors")),
    ]);
    expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
    for (const [name, values] of after) expect(values, name).toEqual(before.get(name));
    const vision = await tensorsOf(join(last("vision"), "vision", "model.safetensors"));
    const kept = await tensorsOf(join(last("warm-up"), "vision", "model.safetensors"));
    for (const [name, values] of kept) expect(values, name).toEqual(vision.get(name));
    const [start, projectors] = await Promise.all([
      lossesOf("warm-up"),
      tensorsOf(join(last("warm-up"), "projectors.safetensors")),
    ]);
    expect(start).toHaveLength(2);
    expect([...projectors.keys()].sort()).toEqual([
      "image_projector.linear_1.bias",
      "image_projector.linear_1.weight",
      "image_projector.linear_2.bias",
      "image_projector.linear_2.weight",
      "scale_projector.bias",
      "scale_projector.weight",
      "signal_projector.bias",
      "signal_projector.weight",
    ]);
  });

  it("joint training changes all parts, and its loss is finite at every step", async () => {
    const before = await tensorsOf(join(last("warm-up"), "model.safetensors"));
    const after = await tensorsOf(join(last("joint"), "model.safetensors"));
    for (const [name, values] of after) expect(values, name).not.toEqual(before.get(name));
    const losses = await lossesOf("joint");
    expect(losses).toHaveLength(4);
    for (const loss of losses) expect(loss).toBeGreaterThan(0.1);
  });

  it("a run that was stopped goes on bit for bit", async () => {
    const config = small({ stage: "joint", steps: 4 });
    const controller = new AbortController();
    const stopped = await train("stopped", config, {
      base: last("warm-up"),
      signal: controller.signal,
      onEvent: (event) => {
        if (event.kind === "step" && event.step === 2) controller.abort();
      },
    });
    expect(stopped).toMatchObject({ outcome: "interrupted", step: 2 });
    await train("stopped", config, { base: last("warm-up"), resume: true });
    expect(await lossesOf("stopped")).toEqual(await lossesOf("joint"));
    const [a, b] = await Promise.all([
      readFile(join(last("stopped"), "model.safetensors")),
      readFile(join(last("joint"), "model.safetensors")),
    ]);
    expect(b.equals(a)).toBe(true);
  });

  it("refuses to resume with other settings", async () => {
    const other = small({ stage: "joint", steps: 5 });
    await expect(train("joint", other, { base: last("warm-up"), resume: true })).rejects.toThrow(
      /steps: expected \d+ as the run began, got 5/,
    );
  });

  it("writes a folder that answers", async () => {
    const model = await openHeartcare(last("joint"), { threads: 1 });
    try {
      const shown = await model.show([{}], "12-lead ECG signal, 10 s, 250 Hz. Patient: 60-year-old male.");
      const answer = await model.choose(shown, "Which rhythm? A: Sinus rhythm; B: Atrial fibrillation", [
        "Sinus rhythm",
        "Atrial fibrillation",
      ]);
      expect(["A: Sinus rhythm", "B: Atrial fibrillation"]).toContain(answer.text);
      expect(answer.shares[0]! + answer.shares[1]!).toBeCloseTo(1, 6);
    } finally {
      await model.dispose();
    }
  });

  it("makes a statement head of its auxiliary labels: read before a question, and decides it", async () => {
    const train = await readCorpus([at("data")], "train", { measuredText: true });
    const entry = train.records[0]!;
    const head = await openSafetensorsBytes(await readFile(join(last("joint"), STATEMENTS_FILE)));
    expect(JSON.parse(head.metadata["statements"]!)).toEqual(STATEMENTS.map(({ key }) => key));
    const auxiliary = await tensorsOf(join(last("joint"), "auxiliary.safetensors"));
    expect(await head.readFloats("weight")).toEqual(auxiliary.get("auxiliary.weight"));
    const model = await openHeartcare(last("joint"), { threads: 1 });
    try {
      const prepared = preparedOfDataset(entry.row, entry.signal);
      for (const [shownAs, place] of [
        ["signal", 0],
        ["image", 1],
      ] as const) {
        const input = showRecording(model, prepared, { shownAs });
        const shown = await model.show([input.shown], input.context);
        const [read] = await model.read(shown);
        const bias = (await head.readFloats("bias")).at(0)!;
        const rest = (await head.readFloats("rest")).at(place * STATEMENTS.length)!;
        // after four steps the bias is nearly all that a label's log odds are, in the model as in what it rests at
        expect(Math.abs(rest - bias)).toBeLessThan(1.5);
        expect([...read!.keys()]).toEqual(STATEMENTS.map(({ key }) => key));
        for (const { evidence } of read!.values()) expect(Math.abs(evidence)).toBeLessThan(3);
        const [least, most] = [...read!]
          .map(([key, { evidence }]) => [key, evidence] as const)
          .sort(([, a], [, b]) => a - b)
          .filter((_, i, all) => i % (all.length - 1) === 0);
        const options = [least![0], most![0]].map((key) => findStatement(key)!.name);
        const question = `Which of these? A: ${options[0]}; B: ${options[1]}`;
        const chosen = await model.choose(shown, question, options);
        const odds = [least![1], most![1]].map((value) => 1 / (1 + Math.exp(-value)));
        expect(chosen.shares[0]! + chosen.shares[1]!).toBeCloseTo(1, 6);
        const said = await model.choose(shown, question, options, { textAlone: true });
        const logit = ([a, b]: readonly number[]): number => Math.log(b! / a!);
        expect(logit(chosen.shares)).toBeCloseTo(logit(odds) + logit(said.shares) / 12, 4);
      }
      expect(await model.read(await model.show([{}], "nothing shown"))).toEqual([undefined]);
      // of two recordings each is read as if it had been shown alone
      const inputs = train.records.slice(0, 2).map((record, index) =>
        showRecording(model, preparedOfDataset(record.row, record.signal), {
          shownAs: index === 0 ? "signal" : "image",
        }),
      );
      const pair = await model.read(
        await model.show(
          inputs.map(({ shown }) => shown),
          "two recordings",
        ),
      );
      for (const [index, { shown, context }] of inputs.entries()) {
        const [alone] = await model.read(await model.show([shown], context));
        const [inPair, shownAlone] = [pair[index]!, alone!].map((each) =>
          [...each.values()].map(({ logOdds }) => logOdds),
        );
        expect(inPair).toBeAllClose(shownAlone!, { atol: 1e-5 });
      }
    } finally {
      await model.dispose();
    }
  });

  it("trains adapters beside a frozen language model, and answers with them merged", async () => {
    const store = randomLanguageStore(TINY_QWEN2, "lora");
    await writeModelFolder(at("base"), {
      store,
      config: languageConfigJson({ ...TINY_QWEN2, maxPositions: 1024 }),
      tokenizer: tinyTokenizer(),
    });
    const preset = { preset: "heartcaregpt-7b", accumulate: 2, batch: 1, images: 1, tokens: 900 } as const;
    const warm = resolveTrainHeartcareConfig([SMALL, { ...preset, stage: "warm-up" }]);
    await train("paper-warm-up", warm, { base: at("base") });
    const joint = resolveTrainHeartcareConfig([SMALL, { ...preset, stage: "joint" }]);
    expect(joint.lora).toBe(true);
    await train("paper-joint", joint, { base: last("paper-warm-up") });
    const adapter = await tensorsOf(join(last("paper-joint"), "adapter_model.safetensors"));
    expect(adapter.size).toBe(2 * 7 * TINY_QWEN2.layerCount);
    const b = adapter.get("base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight")!;
    expect(b.some((value) => value !== 0)).toBe(true);
    const before = await tensorsOf(join(at("base"), "model.safetensors"));
    const after = await tensorsOf(join(last("paper-joint"), "model.safetensors"));
    expect(after.get("model.layers.0.mlp.up_proj.weight")).toEqual(
      before.get("model.layers.0.mlp.up_proj.weight"),
    );
    // four tokens more, each the mean of the old rows
    const rows = after.get("model.embed_tokens.weight")!.length / TINY_QWEN2.hiddenSize;
    expect(rows).toBeGreaterThan(before.get("model.embed_tokens.weight")!.length / TINY_QWEN2.hiddenSize - 1);
    const model = await openHeartcare(last("paper-joint"), { threads: 1 });
    await model.dispose();
  }, 120_000);
});

describe("rows of the ablations", () => {
  it("the tile encoder of a model that reads pages uncut learns from lead tiles all the same", async () => {
    await train("uncut-vision", small({ stage: "vision", batch: 1, segmentation: false }));
    const losses = await lossesOf("uncut-vision");
    expect(losses).toEqual(await lossesOf("vision"));
  });

  const heartcareOf = async (run: string) =>
    JSON.parse(await readFile(join(last(run), "heartcare.json"), "utf8")) as HeartcareConfig;
  const parts = () => ({ base: last("language"), vision: last("vision") });

  it("pages uncut, joint straight from the language stage; what follows reads them the same way", async () => {
    await train("uncut", small({ stage: "joint", segmentation: false }), parts());
    expect((await heartcareOf("uncut")).image.segmentation).toBe(false);
    for (const loss of await lossesOf("uncut")) expect(loss).toBeGreaterThan(0.1);
    const corpus = await readCorpus([at("data")], "val", { measuredText: true });
    const beat = await chooseBeat({ folder: at("none"), seed: 7 });
    const opened = async (overrides: TrainHeartcareOverrides, run: string) =>
      (await openBase({ config: small({ stage: "joint", ...overrides }), base: last(run), beat, corpus }))
        .parts.heartcare.image.segmentation;
    expect(await opened({}, "uncut")).toBe(false);
    expect(await opened({ segmentation: true }, "uncut")).toBe(true);
    expect(await opened({}, "warm-up")).toBe(true);
    const model = await openHeartcare(last("uncut"), { threads: 1 });
    try {
      const entry = corpus.records[0]!;
      const { startSample, endSample } = entry.row.window;
      const record = windowOf(entry, startSample, endSample);
      const tiles = drawTiles(record, { config: model.config, vision: model.vision! });
      expect(tiles).toHaveLength(1);
      const nothing = await model.show([{}], "ECG");
      const shown = await model.show([{ images: [tiles] }], "ECG");
      // <img> and one vector
      expect(shown.evidence.promptTokens - nothing.evidence.promptTokens).toBe(2);
    } finally {
      await model.dispose();
    }
  }, 120_000);

  it("signals alone: no encoder of pictures; pages alone: no signal is drawn", async () => {
    const signals = { signal: 1, image: 0, both: 0 };
    await train("signals", small({ stage: "warm-up", images: 0, modalities: signals }), parts());
    await expect(readFile(join(last("signals"), "vision", "config.json"))).rejects.toThrow(/ENOENT/);
    const model = await openHeartcare(last("signals"), { threads: 1 });
    expect(model.vision).toBeUndefined();
    await model.dispose();
    const pages = { signal: 0, image: 1, both: 0 };
    await train("pages", small({ stage: "warm-up", segments: 1, modalities: pages }), parts());
    const seen = await openHeartcare(last("pages"), { threads: 1 });
    expect(seen.vision?.imageSize).toBe(128);
    await seen.dispose();
  }, 120_000);

  it("an untrained Beat: drawn from the seed, carried by every model of its codes", async () => {
    const untrained = { ...parts(), beatFolder: "untrained", cacheFolder: at("untrained-cache") };
    await train("untrained", small({ stage: "warm-up" }), untrained);
    await train("untrained-joint", small({ stage: "joint" }), {
      base: last("untrained"),
      cacheFolder: at("untrained-cache"),
    });
    expect((await heartcareOf("untrained-joint")).signal.tokenizer).toBe("beat-untrained-7");
    const weights = (folder: string) => tensorsOf(join(folder, "beat", "model.safetensors"));
    const [begun, carried] = [await weights(at("untrained")), await weights(last("untrained-joint"))];
    expect(carried).toEqual(begun);
    const shipped = await tensorsOf(join(resolveBeatFolder(), "model.safetensors"));
    expect([...begun.keys()].sort()).toEqual([...shipped.keys()].sort());
    expect(begun.get("codebook.core")).toHaveLength(shipped.get("codebook.core")!.length);
    expect(begun.get("codebook.core")).not.toEqual(shipped.get("codebook.core"));
    expect(begun.get("codebook.core")!.some((value) => value !== 0)).toBe(true);
    const again = await chooseBeat({ beatFolder: "untrained", folder: at("again"), seed: 7 });
    expect(await tensorsOf(join(again.folder, "model.safetensors"))).toEqual(begun);
    const other = await chooseBeat({ beatFolder: "untrained", folder: at("other"), seed: 8 });
    expect(await tensorsOf(join(other.folder, "model.safetensors"))).not.toEqual(begun);
    const model = await openHeartcare(last("untrained-joint"), { threads: 1 });
    const shippedModel = await openHeartcare(last("joint"), { threads: 1 });
    try {
      const record = synthesizeEcg({ seed: "asked", samplingRateHz: 250, durationSeconds: 10 });
      const codes = async ({ beat }: typeof model) => (await beat.encode(record)).map(({ core }) => core);
      expect(await codes(model)).not.toEqual(await codes(shippedModel));
      const shown = await model.show([{ signal: { record, prepared: false } }], "ECG");
      expect(shown.evidence.recordings[0]?.segments).toHaveLength(3);
    } finally {
      await model.dispose();
      await shippedModel.dispose();
    }
  }, 240_000);
});

describe("settings", () => {
  it("refuses to show nothing, and a model without a projector of signals", () => {
    const nothing = { signal: 0, image: 0, both: 0 };
    expect(() => small({ stage: "joint", modalities: nothing })).toThrow(/expected a share above 0/);
    expect(() => small({ stage: "warm-up", segments: 0 })).toThrow(
      "segments: expected 1 or more in stage warm-up, got 0",
    );
    expect(small({ stage: "language", segments: 0 }).segments).toBe(0);
  });

  it("reads segmentation from a file, true where nothing says otherwise", () => {
    expect(parseTrainHeartcareOverrides({ segmentation: false }, "file").segmentation).toBe(false);
    expect(() => parseTrainHeartcareOverrides({ segmentation: "no" }, "file")).toThrow(/^file: segmentation/);
    expect(small({ stage: "joint" }).segmentation).toBeUndefined();
  });

  it("has the numbers of Table 6 for both sizes", () => {
    for (const preset of ["heartcaregpt-3.8b", "heartcaregpt-7b"] as const) {
      const warm = resolveTrainHeartcareConfig([{ preset, stage: "warm-up" }]);
      const joint = resolveTrainHeartcareConfig([{ preset, stage: "joint" }]);
      expect([warm.learningRate, joint.learningRate]).toEqual([2e-4, 2e-5]);
      for (const config of [warm, joint]) {
        expect(config.batch * config.accumulate).toBe(16);
        expect(config.weightDecay).toBe(0.01);
        expect(config.schedule).toBe("linear");
      }
      expect([warm.lora, joint.lora]).toEqual([false, true]);
    }
  });

  it("refuses a stage that a preset does not have", () => {
    expect(() => resolveTrainHeartcareConfig([{ preset: "heartcaregpt-7b", stage: "vision" }])).toThrow(
      /expected stage warm-up or joint for heartcaregpt-7b, got vision/,
    );
  });
});
