import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { createDecoderSession, type DecoderSession } from "../../src/model/generate/decoder-session.ts";
import { generateText } from "../../src/model/generate/generate-text.ts";
import { collectTokens } from "../../src/model/generate/generate-tokens.ts";
import { createJsonConstraint } from "../../src/model/generate/json-constraint.ts";
import { charactersToNumber, isNumberOf } from "../../src/model/generate/json-number.ts";
import type { JsonSchema } from "../../src/model/generate/json-schema-grammar.ts";
import { createTokenizer, type TextTokenizer } from "../../src/model/tokenizer/load-tokenizer.ts";
import { createRng } from "../../src/shared/rng.ts";
import { testRuntime } from "../graph/gradient-check.ts";
import { randomLanguageStore, TINY_QWEN2, tinyTokenizer } from "./tiny-models.ts";

const SEEDS = Array.from({ length: 50 }, (_, seed) => seed);
const PROMPT = { ids: [3, 14, 15, 92] };
const CONFIG = { ...TINY_QWEN2, maxPositions: 512 };

let session: DecoderSession;
const tokenizer: TextTokenizer = createTokenizer(tinyTokenizer());

beforeAll(async () => {
  const store = randomLanguageStore(CONFIG, "constraint");
  session = await createDecoderSession({ runtime: await testRuntime(), config: CONFIG, store });
});

const report = z.strictObject({
  finding: z.enum(["sinus rhythm", "atrial fibrillation", "Vorhofflimmern – fraglich"]),
  heartRateBpm: z.int().min(20).max(300),
  intervals: z.array(z.strictObject({ name: z.string().max(6), ms: z.number() })).max(3),
  axis: z.union([z.number().min(-180).max(180), z.null()]),
  comment: z.string().max(12).optional(),
  certain: z.boolean(),
  grade: z.union([z.literal("low"), z.literal("lower"), z.literal(3)]).optional(),
});

function schemaOf(type: z.ZodType): JsonSchema {
  return z.toJSONSchema(type) as JsonSchema;
}

describe("generation under a JSON schema", () => {
  it("gives JSON that satisfies the schema, for 50 seeds at temperature 1", async () => {
    const constraint = createJsonConstraint(schemaOf(report), tokenizer);
    const texts = new Set<string>();
    for (const seed of SEEDS) {
      const answer = await generateText(session, tokenizer, PROMPT, {
        maxNewTokens: 110,
        temperature: 1,
        seed,
        constraint,
      });
      expect(answer.reason, answer.text).toBe("end");
      expect(() => report.parse(JSON.parse(answer.text)), answer.text).not.toThrow();
      texts.add(answer.text);
    }
    expect(texts.size).toBe(50);
  });

  it("closes the value when tokens run short, in strings and arrays without a limit", async () => {
    const open = z.strictObject({ text: z.string(), list: z.array(z.array(z.string())) });
    const constraint = createJsonConstraint(schemaOf(open), tokenizer);
    const shortest = '{"text":"","list":[]}';
    let closedAtTheLimit = 0;
    for (const seed of SEEDS) {
      const maxNewTokens = shortest.length + (seed % 10);
      const answer = await generateText(session, tokenizer, PROMPT, {
        maxNewTokens,
        temperature: 1,
        seed,
        constraint,
      });
      expect(answer.reason).toBe("end");
      expect(() => open.parse(JSON.parse(answer.text)), answer.text).not.toThrow();
      if (answer.tokenIds.length === maxNewTokens) closedAtTheLimit++;
    }
    expect(closedAtTheLimit).toBeGreaterThan(10);
  });

  it("says that an answer was cut when no value fits the limit", async () => {
    const constraint = createJsonConstraint({ const: "a long constant without tokens" }, tokenizer);
    const answer = await generateText(session, tokenizer, PROMPT, { maxNewTokens: 3, constraint });
    expect(answer.reason).toBe("length");
    expect(constraint.isComplete(answer.tokenIds)).toBe(false);
    expect('"a long constant without tokens"'.startsWith(answer.text)).toBe(true);
  });

  it("answers one of an enum, characters of several bytes included, greedily and drawn", async () => {
    const values = ["QT-Verlängerung", "心房細動", "🫀", "a", "ab", 12, null];
    const constraint = createJsonConstraint({ enum: values }, tokenizer);
    const found = new Set<unknown>();
    for (const seed of SEEDS) {
      const answer = await generateText(session, tokenizer, PROMPT, { temperature: 1, seed, constraint });
      const value: unknown = JSON.parse(answer.text);
      expect(values).toContain(value);
      found.add(value);
    }
    expect(found.size).toBeGreaterThan(3);
    const greedy = await generateText(session, tokenizer, PROMPT, { constraint });
    expect(values).toContain(JSON.parse(greedy.text));
  });

  it("ends a bare number by an end token or by the limit", async () => {
    const constraint = createJsonConstraint({ type: "integer", minimum: 5, maximum: 1200 }, tokenizer);
    for (const seed of SEEDS) {
      const options = { maxNewTokens: 4, temperature: 1, seed, constraint };
      const answer = await generateText(session, tokenizer, PROMPT, options);
      expect(answer.reason).toBe("end");
      const value = Number(answer.text);
      expect(answer.text).toBe(String(value));
      expect(Number.isInteger(value) && value >= 5 && value <= 1200, answer.text).toBe(true);
    }
  });

  it("holds each row of a batch, and keeps to allowed tokens as well", async () => {
    const constraint = createJsonConstraint({ type: "array", items: { type: "boolean" } }, tokenizer);
    const prompts = [PROMPT, { ids: [7] }, { ids: [9, 8, 7, 6, 5, 4] }];
    const options = { maxNewTokens: 24, temperature: 1, constraint };
    const rows = await collectTokens(session, prompts, options);
    for (const row of rows) {
      expect(constraint.isComplete(row)).toBe(true);
      expect(z.array(z.boolean()).safeParse(JSON.parse(tokenizer.decode(row))).success).toBe(true);
    }
    const written = Array.from("[]false,", (character) => tokenizer.encode(character)[0]!);
    const [kept] = await collectTokens(session, [PROMPT], { ...options, allow: () => written });
    expect(tokenizer.decode(kept!)).toMatch(/^\[(false(,false)*)?\]$/);
  });
});

/** A vocabulary as Phi-3's: words with a mark for the space before them, and a token for every byte. */
function byteFallbackTokenizer(): TextTokenizer {
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
  );
  const words = ["\u2581sinus", "\u2581", "rhythm", '"', '",', "{", "}", ":", "ü", "[1", "\u2581[2"];
  const vocabulary = Object.fromEntries([...bytes, ...words].map((token, id) => [token, id]));
  const decoders = [
    { type: "Replace", pattern: { String: "\u2581" }, content: " " },
    { type: "ByteFallback" },
    { type: "Fuse" },
    { type: "Strip", content: " ", start: 1, stop: 0 },
  ];
  return createTokenizer({
    tokenizer: {
      version: "1.0",
      added_tokens: [{ id: 298, content: "<|end|>", special: true }],
      normalizer: null,
      pre_tokenizer: null,
      post_processor: null,
      decoder: { type: "Sequence", decoders },
      model: { type: "BPE", byte_fallback: true, vocab: vocabulary, merges: [] },
    },
    config: {},
  });
}

it("holds for vocabularies with byte fallback", async () => {
  const fallback = byteFallbackTokenizer();
  const type = z.strictObject({
    text: z.string().max(8),
    list: z.array(z.number()).min(1).max(4),
    lead: z.enum(["Vorhof-Übung", "心"]),
  });
  const constraint = createJsonConstraint(schemaOf(type), fallback);
  for (const seed of SEEDS.slice(0, 20)) {
    const options = { maxNewTokens: 80, temperature: 1, seed, constraint };
    const answer = await generateText(session, fallback, PROMPT, options);
    expect(answer.reason).toBe("end");
    expect(() => type.parse(JSON.parse(answer.text)), answer.text).not.toThrow();
  }
});

/** Whether a text is a beginning of a value of the schema, and a value, by its bytes as tokens. */
function check(schema: JsonSchema, text: string): "value" | "beginning" | "no" {
  const constraint = createJsonConstraint(schema, tokenizer);
  const reader = constraint.begin();
  for (const id of bytesAsTokens(text)) {
    if (!reader.allowed(1000).includes(id)) return "no";
    reader.accept(id);
  }
  return reader.complete ? "value" : "beginning";
}

const byteIds = new Map<number, number>();
for (let id = 0; id < 256; id++) {
  // the first tokens of a trained vocabulary are the bytes in the alphabet's order
  const code = tokenizer.tokenOf(id)!.charCodeAt(0);
  if (code < 256) byteIds.set(code, id);
}
for (const [index, byte] of Array.from({ length: 256 }, (_, value) => value)
  .filter((value) => !byteIds.has(value))
  .entries()) {
  byteIds.set(byte, tokenizer.idOf(String.fromCharCode(256 + index))!);
}

function bytesAsTokens(text: string | Uint8Array): number[] {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return Array.from(bytes, (byte) => byteIds.get(byte)!);
}

describe("what a schema allows", () => {
  it.each([
    [{ type: "string" }, '"a\\n\\u00e4\\"ü心🫀"', "value"],
    [{ type: "string" }, '"\\ud83d"', "no"],
    [{ type: "string" }, '"a\nb"', "no"],
    [{ type: "string", maxLength: 2 }, '"äü"', "value"],
    [{ type: "string", maxLength: 2 }, '"äü.', "no"],
    [{ type: "string", minLength: 2 }, '"ä"', "no"],
    [{ type: "string", minLength: 2 }, '"ä', "beginning"],
    [{ type: "number" }, "-12.50", "value"],
    [{ type: "number" }, "012", "no"],
    [{ type: "number" }, "1.", "beginning"],
    [{ type: "number" }, "1e5", "no"],
    [{ type: "integer" }, "1.", "no"],
    [{ type: "integer", minimum: 100, maximum: 250 }, "25", "beginning"],
    [{ type: "integer", minimum: 100, maximum: 250 }, "26", "no"],
    [{ type: "array", items: { type: "null" }, minItems: 1, maxItems: 2 }, "[]", "no"],
    [{ type: "array", items: { type: "null" }, minItems: 1, maxItems: 2 }, "[null, null]", "value"],
    [{ type: "array", items: { type: "null" }, minItems: 1, maxItems: 2 }, "[null,null,", "no"],
    [{ type: "object", properties: {} }, "{}", "value"],
    [
      { type: "object", properties: { a: { const: 1 }, b: { const: 2 } }, required: ["b"] },
      '{"b": 2}',
      "value",
    ],
    [{ type: "object", properties: { a: { const: 1 }, b: { const: 2 } }, required: ["b"] }, '{"a":1}', "no"],
    [{ type: "object", properties: { a: { const: 1 }, b: { const: 2 } } }, '{"b":2,"a":1}', "no"],
    [{ type: "object", properties: { a: { const: 1 } } }, '{"a":1 }', "no"],
    [{ anyOf: [{ const: [1, 2] }, { type: "array", items: { type: "boolean" } }] }, "[1,2]", "value"],
    [{ anyOf: [{ const: [1, 2] }, { type: "array", items: { type: "boolean" } }] }, "[true]", "value"],
  ] as const)("%j and %s", (schema, text, expected) => {
    expect(check(schema, text)).toBe(expected);
  });

  it("keeps to well-formed UTF-8", () => {
    const reader = (bytes: number[]): readonly number[] => {
      const begun = createJsonConstraint({ type: "string" }, tokenizer).begin();
      for (const id of bytesAsTokens(Uint8Array.from([0x22, ...bytes]))) begun.accept(id);
      return begun.allowed(1000);
    };
    expect(reader([0xe5, 0xbf])).toEqual(
      expect.arrayContaining(bytesAsTokens(Uint8Array.from([0x80, 0x83, 0xbf]))),
    );
    expect(reader([0xe5, 0xbf])).not.toContain(byteIds.get(0x22));
    // U+D800, an overlong slash, beyond U+10FFFF
    expect(() => reader([0xed, 0xa0])).toThrow("expected a token that the schema allows");
    expect(() => reader([0xe0, 0x80])).toThrow("expected a token that the schema allows");
    expect(() => reader([0xf4, 0x90])).toThrow("expected a token that the schema allows");
  });

  it("finds numbers of a range whatever digits are drawn, and closes them as soon as it says", () => {
    const rng = createRng("numbers");
    for (let round = 0; round < 300; round++) {
      const minimum = Number(rng.uniform(-500, 500).toFixed(rng.integer(4)));
      const range = { whole: false, minimum, maximum: minimum + rng.uniform(0.001, 300) };
      let text = "";
      while (!isNumberOf(range, text)) {
        const ways = Array.from("-.0123456789", (character) => text + character).filter(
          (longer) => charactersToNumber(range, longer) !== undefined,
        );
        const left = charactersToNumber(range, text)!;
        expect(Math.min(...ways.map((longer) => charactersToNumber(range, longer)!))).toBe(left - 1);
        text = rng.pick(ways);
      }
      expect(Number(text)).toBeGreaterThanOrEqual(range.minimum);
      expect(Number(text)).toBeLessThanOrEqual(range.maximum);
    }
  });

  it.each([
    [
      { type: "object", properties: { a: { type: "string", pattern: "x" } } },
      "json schema #/properties/a: expected only type, minLength, maxLength beside type string, got pattern",
    ],
    [
      { type: "object", properties: { a: { $ref: "#/$defs/a" } } },
      "json schema #/properties/a: expected type object, array, string, number, integer, boolean, null, got keywords $ref",
    ],
    [
      { type: "object", properties: {}, additionalProperties: true },
      "json schema #: expected additionalProperties false, got true",
    ],
    [
      { type: "object", properties: {}, required: ["a"] },
      'json schema #: expected required names of its properties, got "a"',
    ],
    [{ type: "string", enum: ["a", 1] }, 'json schema #: expected enum of type "string", got 1'],
    [{ enum: [] }, "json schema #: expected enum to be a list of at least 1, got []"],
    [{ type: "array" }, "json schema #/items: expected a schema object, got undefined"],
    [
      { type: "array", items: { type: "null" }, minItems: 3, maxItems: 2 },
      "json schema #: expected whole minItems of at most maxItems, got 3 and 2",
    ],
    [
      { anyOf: [{ type: "integer", minimum: 0.2, maximum: 0.8 }] },
      "json schema #/anyOf/0: expected a range with an integer of 15 digits, 9 behind the point, got 0.2 to 0.8",
    ],
  ])("refuses %j in a sentence", (schema, sentence) => {
    expect(() => createJsonConstraint(schema, tokenizer)).toThrow(sentence);
  });

  it("refuses a tokenizer whose tokens are no bytes", () => {
    const { tokenizer: json, config } = tinyTokenizer();
    const other = createTokenizer({ tokenizer: { ...json, decoder: { type: "WordPiece" } }, config });
    expect(() => createJsonConstraint({ type: "null" }, other)).toThrow(
      'tokenizer: expected a decoder ByteLevel or ByteFallback, found {"type":"WordPiece"}',
    );
  });
});
