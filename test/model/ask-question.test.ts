// Questions to a random HeartcareGPT: what kind of answer comes, what it rests on, and what bad input is told.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { QUESTION_WINDOW_SECONDS } from "../../src/agent/process-record.ts";
import { askQuestion, askShown, showInputs } from "../../src/model/dspa/ask-question.ts";
import type { EcgInput, ShownAs } from "../../src/model/dspa/ecg-input.ts";
import type { HeartcareModel } from "../../src/model/dspa/heartcare-model.ts";
import { openHeartcare } from "../../src/model/dspa/node/open-heartcare.ts";
import { readPage } from "../../src/model/dspa/node/read-page.ts";
import { prepareEcg, SHOWN_SECONDS } from "../../src/model/dspa/prepare-ecg.ts";
import { showPage } from "../../src/model/dspa/show-page.ts";
import { showRecording } from "../../src/model/dspa/show-recording.ts";
import { STANDARD_LEADS } from "../../src/record/lead-names.ts";
import { EcgError } from "../../src/shared/errors.ts";
import { encodeSafetensors, openSafetensorsBytes } from "../../src/shared/safetensors.ts";
import {
  exampleEcg,
  examplePage,
  openTinyHeartcare,
  photograph,
  TINY_HEARTCARE,
  writeTinyHeartcare,
} from "./tiny-heartcare.ts";

const CLOSED = "Which is right? A. Sinus rhythm; B. Atrial fibrillation; C. Atrial flutter";
const first = exampleEcg("first");
const second = exampleEcg("second", { bpm: 110 });
const prepared = new Map([first, second].map((record) => [record.id, prepareEcg(record, { toHz: 250 })]));

let model: HeartcareModel;
beforeAll(async () => {
  model = await openTinyHeartcare();
});
afterAll(() => model.dispose());

function shown(record: { readonly id: string }, shownAs: ShownAs = "signal", measured = true): EcgInput {
  return showRecording(model, prepared.get(record.id)!, { shownAs, measured });
}

async function rejection(work: () => unknown): Promise<EcgError> {
  try {
    await work();
  } catch (error) {
    if (EcgError.isInstance(error)) return error;
    throw error;
  }
  throw new Error("expected an EcgError, got none");
}

describe("closed questions", () => {
  it("are answered by an offered option under 20 seeds, though free text would begin otherwise", async () => {
    let free = 0;
    for (let seed = 0; seed < 20; seed++) {
      const one = await openTinyHeartcare({ seed: `seed-${seed}`, vision: false });
      const inputs = [showRecording(one, prepared.get("first")!)];
      const offered = ["Sinus rhythm", "Atrial fibrillation", "Atrial flutter"].slice(0, 2 + (seed % 2));
      const question = `Which is right? ${offered.map((text, i) => `${"ABC"[i]}: ${text}`).join("; ")}`;
      const ready = await showInputs(one, inputs);
      const answer = await askShown(one, ready, question);
      expect(answer.kind).toBe("closed");
      expect(answer.options).toEqual(offered);
      expect(offered.map((text, i) => `${"ABC"[i]}: ${text}`)).toContain(answer.answer);
      expect(answer.shares).toHaveLength(offered.length);
      expect(answer.shares?.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
      expect(answer.chosen).toBe(answer.shares?.indexOf(Math.max(...(answer.shares ?? []))));
      const words = await one.answer(ready.prompt, question, { maxNewTokens: 1 });
      if (!"ABC".slice(0, offered.length).includes(words.text.trim() || "?")) free++;
      await one.dispose();
    }
    expect(free).toBeGreaterThan(5);
  }, 180_000);

  it("puts options into the wording of datasets", async () => {
    const answer = await askQuestion(model, [shown(first)], CLOSED);
    expect(answer.question).toBe(
      "Which is right? A: Sinus rhythm; B: Atrial fibrillation; C: Atrial flutter",
    );
  });
});

describe("what goes in", () => {
  it("a signal: segments, measured values, no picture", async () => {
    const { evidence } = await askQuestion(model, [shown(first)], CLOSED);
    const [recording] = evidence.recordings;
    expect(evidence.model).toBe("tiny");
    expect(evidence.tokenizer).toBe("tiny-beat");
    expect(recording?.id).toBe("first");
    expect(recording?.window).toEqual({ startSeconds: 0, endSeconds: 10 });
    expect(recording?.segments.at(-1)?.endSeconds).toBe(10);
    expect(recording?.segments.map(({ core }) => core.length)).toEqual([10, 10, 10]);
    expect(recording?.images).toEqual([]);
    expect(recording?.measured?.heartRateBpm).toBeCloseTo(70, -1);
    expect(recording?.measuredText).toContain(
      `heart rate ${Math.round(recording?.measured?.heartRateBpm ?? 0)} bpm`,
    );
    expect(evidence.context).toBe(
      `12-lead ECG signal, 10 s, 250 Hz. Patient: 65-year-old male. ${recording?.measuredText}`,
    );
  });

  it("a picture drawn from it: twelve leads, no segment, no measured values", async () => {
    const { evidence } = await askQuestion(model, [shown(first, "image")], CLOSED);
    const [recording] = evidence.recordings;
    expect(recording?.segments).toEqual([]);
    expect(recording?.images).toEqual([{ leads: STANDARD_LEADS, page: null }]);
    expect(recording?.measured).toBeNull();
    expect(evidence.context).toBe("12-lead ECG image, 10 s. Patient: 65-year-old male.");
  });

  it("both: the context of the signal, and a longer prompt than either", async () => {
    const [signal, image, both] = await Promise.all(
      (["signal", "image", "both"] as const).map((as) => showInputs(model, [shown(first, as)])),
    );
    expect(both?.evidence.context).toBe(signal?.evidence.context);
    expect(both?.evidence.recordings[0]?.segments).toHaveLength(3);
    expect(both?.evidence.recordings[0]?.images).toHaveLength(1);
    // <img> and twelve tiles more than the signal alone
    expect(both?.evidence.promptTokens).toBe((signal?.evidence.promptTokens ?? 0) + 13);
    expect(image?.evidence.promptTokens).toBeLessThan(both?.evidence.promptTokens ?? 0);
  });

  it("measured values can be withheld", async () => {
    const { evidence } = await showInputs(model, [shown(first, "signal", false)]);
    expect(evidence.context).toBe("12-lead ECG signal, 10 s, 250 Hz. Patient: 65-year-old male.");
    expect(evidence.recordings[0]?.measured).toBeNull();
  });

  it("two recordings: a comparison, each named", async () => {
    const answer = await askQuestion(model, [shown(first), shown(second, "image")], CLOSED);
    expect(answer.evidence.recordings.map(({ id, shownAs }) => [id, shownAs])).toEqual([
      ["first", "signal"],
      ["second", "image"],
    ]);
    expect(answer.evidence.context).toMatch(
      /^First ECG: 12-lead ECG signal, .*male\. Second ECG: 12-lead ECG image, 10 s\. .* First ECG: Measured: /,
    );
    expect(answer.kind).toBe("closed");
  });

  it("a page: its leads and the scale that was read from it", async () => {
    const page = showPage(model, examplePage(first), { id: "page.png", patient: { sex: "female" } });
    const { evidence } = await askQuestion(model, [page], CLOSED);
    const [recording] = evidence.recordings;
    expect(recording?.window).toBeNull();
    expect(recording?.images[0]?.leads).toEqual(STANDARD_LEADS);
    expect(recording?.images[0]?.page).toMatchObject({ columns: 4, speedMmPerSecond: 25 });
    expect(evidence.context).toBe("12-lead ECG image, 10 s. Patient: female, age not stated.");
  });

  it("of a long recording the best 10 s, in seconds of the file", async () => {
    const long = { ...exampleEcg("long", { seconds: 24 }) };
    const from = { ...long.provenance, window: { startSample: 1000, endSample: 13_000 } };
    const part = prepareEcg({ ...long, provenance: from }, { toHz: 250 });
    const { evidence } = await showInputs(model, [showRecording(model, part)]);
    const { window, segments } = evidence.recordings[0]!;
    expect(window?.startSeconds).toBeCloseTo(2 + part.window.startSample / 250, 6);
    expect((window?.endSeconds ?? 0) - (window?.startSeconds ?? 0)).toBeCloseTo(10, 9);
    expect(segments.at(-1)?.endSeconds).toBeCloseTo(window?.endSeconds ?? 0, 6);
  });

  it("is a window as long as that of datasets", () => {
    expect(SHOWN_SECONDS).toBe(QUESTION_WINDOW_SECONDS);
  });
});

describe("open questions and forecasts", () => {
  it("answers in words that stream and end at the limit", async () => {
    let streamed = "";
    const options = { maxNewTokens: 5, onText: (piece: string) => (streamed += piece) };
    const answer = await askQuestion(model, [shown(first)], "What rhythm is it?", options);
    expect(answer.kind).toBe("open");
    expect(streamed.trim()).toBe(answer.answer);
    expect(answer.answer.length).toBeGreaterThan(0);
    expect(["end", "length"]).toContain(answer.finish);
  });

  it("forecasts where the question asks for what comes next", async () => {
    const answer = await askQuestion(model, [shown(first)], "What comes next?");
    expect(answer.kind).toBe("forecast");
    expect(answer.forecast?.signal.sampleCount).toBe(500);
    expect(answer.forecast?.startSeconds).toBe(10);
    expect(answer.forecast?.before.sampleCount).toBe(2500);
    expect(answer.answer).toBe("A forecast of 2 s in 12 leads that follows second 10 of first.");
    const longer = await askQuestion(model, [shown(first)], "Predict the next 3 s of this ECG.");
    expect(longer.forecast?.seconds).toBe(3);
  });

  it("forecasts where the answer is <pred>, unless it cannot", async () => {
    const asking: HeartcareModel = { ...model, asksForForecast: () => true };
    const options = { maxNewTokens: 1 };
    const answer = await askQuestion(asking, [shown(first)], "What do you see?", options);
    expect(answer.kind).toBe("forecast");
    const picture = await askQuestion(asking, [shown(first, "image")], "What do you see?", options);
    expect(picture.kind).toBe("open");
  });
});

describe("bad input", () => {
  it.each([
    [
      "a forecast of a page",
      () => askQuestion(model, [showPage(model, examplePage(first), { id: "page.png" })], "What comes next?"),
      "UNSUPPORTED_FORMAT",
      "page.png: expected a signal to go on from, got a picture, which cannot be forecast",
    ],
    [
      "a forecast of two recordings",
      () => askQuestion(model, [shown(first), shown(second)], "What comes next?"),
      "INVALID_OPTION",
      "forecast: expected one recording to go on from, got 2",
    ],
    [
      "three recordings",
      () => askQuestion(model, [shown(first), shown(second), shown(first)], CLOSED),
      "INVALID_OPTION",
      "model: expected one ECG, or two to compare, got 3",
    ],
    [
      "no question",
      () => askQuestion(model, [shown(first)], "  "),
      "INVALID_OPTION",
      "question: expected words, got none",
    ],
    [
      "half a second",
      () => prepareEcg(exampleEcg("short", { seconds: 0.5 }), { toHz: 250 }),
      "INVALID_SIGNAL",
      "short: expected a recording of at least 1 s, found 0.50 s",
    ],
    [
      "other leads",
      () => prepareEcg({ ...first, leads: first.leads.map((_, i) => `X${i}`) }, { toHz: 250 }),
      "INVALID_SIGNAL",
      "first: expected samples in at least one of the twelve standard leads, found none in X0, X1, X2, X3, X4, X5, X6, X7, X8, X9, X10, X11",
    ],
    [
      "a picture before a model without eyes",
      () => showRecording({ ...model, vision: undefined }, prepared.get("first")!, { shownAs: "image" }),
      "UNSUPPORTED_FORMAT",
      "first: expected a model with a vision encoder to show a picture to, got tiny without one",
    ],
    [
      "a page in another format",
      () => readPage("ecg.gif"),
      "UNSUPPORTED_FORMAT",
      "ecg.gif: expected an ECG page as PNG or PDF, got a .gif file",
    ],
  ] as const)("%s", async (_name, work, code, message) => {
    const error = await rejection(work);
    expect(error.code).toBe(code);
    expect(error.message).toBe(message);
    expect(error.hint).toMatch(/\w/);
  });

  it("a photograph instead of an ECG", async () => {
    const error = await rejection(() => showPage(model, photograph(), { id: "cat.png" }));
    expect(error.code).toBe("INVALID_FILE");
    expect(error.message).toMatch(/^cat\.png: expected traces of an ECG on paper, found /);
  });
});

describe("a broken folder", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await writeTinyHeartcare();
  });

  async function broken(change: (copy: string) => void): Promise<EcgError> {
    const copy = await writeTinyHeartcare();
    change(copy);
    const error = await rejection(() => openHeartcare(copy));
    return Object.assign(error, { message: error.message.replaceAll(copy, "tiny") });
  }

  it("without heartcare.json", async () => {
    const error = await broken((copy) => rmSync(join(copy, "heartcare.json")));
    expect(error.code).toBe("NOT_FOUND");
    expect(error.message).toBe("tiny: expected a HeartcareGPT folder with heartcare.json, found none");
  });

  it("without config.json", async () => {
    const error = await broken((copy) => rmSync(join(copy, "config.json")));
    expect(error.code).toBe("NOT_FOUND");
    expect(error.message).toBe("tiny: expected a model folder with config.json, found a folder without it");
  });

  it("with a tokenizer that lacks <sig>", async () => {
    const error = await broken((copy) => {
      for (const name of ["tokenizer.json", "tokenizer_config.json"]) {
        const path = join(copy, name);
        writeFileSync(path, readFileSync(path, "utf8").replaceAll("<sig>", "<gone>"));
      }
    });
    expect(error.code).toBe("NOT_FOUND");
    expect(error.message).toBe(
      "tiny/tokenizer.json: expected the special tokens <sig> <img> <text> <pred>, found no <sig>",
    );
  });

  it("with a projector of another shape", async () => {
    const path = join(folder, "projectors.safetensors");
    const file = await openSafetensorsBytes(readFileSync(path));
    const tensors = await Promise.all(
      [...file.tensors].map(async ([name, { shape }]) => {
        const wrong = name === "signal_projector.weight";
        const data = await file.readFloats(name);
        return [name, { shape: wrong ? [...shape].reverse() : [...shape], data }] as const;
      }),
    );
    const bytes = encodeSafetensors(Object.fromEntries(tensors));
    const error = await broken((copy) => writeFileSync(join(copy, "projectors.safetensors"), bytes));
    expect(error.code).toBe("SHAPE_MISMATCH");
    const { dimension } = TINY_HEARTCARE.signal;
    expect(error.message).toMatch(
      new RegExp(`^tiny/projectors\\.safetensors: signal_projector\\.weight: .*${dimension}.*32`),
    );
  });
});
