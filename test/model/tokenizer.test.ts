import { describe, expect, it } from "vitest";
import { createTextStream } from "../../src/model/generate/stop-strings.ts";
import { BYTE_ALPHABET } from "../../src/model/tokenizer/byte-alphabet.ts";
import { addTokens, ECG_TOKENS, growConfig, growTable } from "../../src/model/tokenizer/grow-vocabulary.ts";
import { createTokenizer, loadTokenizer, requireTokens } from "../../src/model/tokenizer/load-tokenizer.ts";
import { renderChat } from "../../src/model/tokenizer/render-chat.ts";
import { trainBpe } from "../../src/model/tokenizer/train-bpe.ts";
import { createMemoryFileStore } from "../../src/shared/memory-file-store.ts";
import { TINY_QWEN2, tinyTokenizer } from "./tiny-models.ts";

const merges = (files: ReturnType<typeof trainBpe>): string[] =>
  (files.tokenizer["model"] as { merges: string[] }).merges;

describe("trainBpe", () => {
  it("merges the most frequent pair first, the lower ids of equals", () => {
    // words: "low" 3, " low" 1, " lower" 2: l-o and o-w 6 times each, Ġ-l 3, w-e and e-r 2
    const files = trainBpe(["low low", "low lower", "low lower"], { vocabularySize: 260, specialTokens: [] });
    expect(merges(files)).toEqual(["l o", "lo w", "Ġ low", "e r"]);
  });

  it("stops when no pair is frequent enough", () => {
    const options = { vocabularySize: 1000, specialTokens: ["<x>"] };
    const files = trainBpe(["ab ab", "cd"], options);
    expect(merges(files)).toEqual(["a b"]);
    expect(createTokenizer(files).size).toBe(256 + 1 + 1);
    expect(merges(trainBpe(["ab ab", "cd"], { ...options, minimumCount: 1 }))).toHaveLength(3);
  });

  it("gives the same file for the same texts, and a tokenizer that gives every text back", () => {
    const texts = [
      "sinus rhythm, rate 75 bpm",
      "ST elevation in V2-V4",
      "sinus rhythm with ST depression",
      "rate 120",
    ];
    const options = {
      vocabularySize: 290,
      specialTokens: ["<|end|>", "<sig>"],
      config: { eos_token: "<|end|>" },
    };
    const files = trainBpe(texts, options);
    expect(JSON.stringify(trainBpe(texts, options))).toBe(JSON.stringify(files));
    const tokenizer = createTokenizer(files);
    for (const text of [...texts, "café → 心電図 🫀!", "  two  spaces\n\n\tTab", "don't", ""]) {
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    }
    expect(tokenizer.encode("sinus rhythm").length).toBeLessThan(6);
    const [end, sig] = requireTokens(tokenizer, ["<|end|>", "<sig>"]);
    expect([end, sig]).toEqual([tokenizer.size - 2, tokenizer.size - 1]);
    expect(tokenizer.encode("a<sig>b")).toEqual([tokenizer.idOf("a"), sig, tokenizer.idOf("b")]);
    expect(tokenizer.decode([sig!, ...tokenizer.encode("b")])).toBe("b");
    expect(tokenizer.endToken).toBe("<|end|>");
    // every id but the special ones has one token of the vocabulary
    expect(new Set(Array.from({ length: tokenizer.size }, (_, id) => tokenizer.tokenOf(id))).size).toBe(
      tokenizer.size,
    );
  });

  it("agrees with a plain application of its merges", () => {
    const texts = ["abab abba abc", "abc abc babba", "cab cab"];
    const files = trainBpe(texts, { vocabularySize: 266, specialTokens: [] });
    const ranks = new Map(merges(files).map((merge, rank) => [merge, rank]));
    const apply = (word: string): string[] => {
      let parts = [...word.replaceAll(" ", "Ġ")];
      for (;;) {
        const found = parts
          .slice(1)
          .map((right, i) => ({ rank: ranks.get(`${parts[i]} ${right}`) ?? Infinity, i }))
          .sort((a, b) => a.rank - b.rank || a.i - b.i)[0];
        if (!found || found.rank === Infinity) return parts;
        parts = [
          ...parts.slice(0, found.i),
          parts[found.i]! + parts[found.i + 1]!,
          ...parts.slice(found.i + 2),
        ];
      }
    };
    const tokenizer = createTokenizer(files);
    for (const word of ["abab", " abba", "babba", " cabab"]) {
      expect(tokenizer.encode(word).map((id) => tokenizer.tokenOf(id))).toEqual(apply(word));
    }
  });

  it("refuses a vocabulary without room for the bytes", () => {
    expect(BYTE_ALPHABET).toHaveLength(256);
    expect(() => trainBpe([], { vocabularySize: 200, specialTokens: ["<a>"] })).toThrow(
      "trainBpe: expected a vocabulary of at least 257 ids, got 200",
    );
  });
});

describe("growing a vocabulary", () => {
  it("gives new tokens the next ids and leaves the old tokenizer as it was", () => {
    const old = createTokenizer(tinyTokenizer());
    const { tokenizer, ids, newIds } = addTokens(old, ECG_TOKENS);
    expect(ids).toEqual([0, 1, 2, 3].map((offset) => old.size + offset));
    expect(newIds).toEqual(ids);
    expect(tokenizer.encode("<sig><img> normal")).toEqual([ids[0], ids[1], ...old.encode(" normal")]);
    expect(old.idOf("<sig>")).toBeUndefined();
    const again = addTokens(tokenizer, ["<img>", "<new>"]);
    expect(again.ids).toEqual([ids[1], tokenizer.size]);
    expect(() => requireTokens(old, ECG_TOKENS, "model")).toThrow(
      "model: expected the special tokens <sig> <img> <text> <pred>, found no <sig> <img> <text> <pred>",
    );
  });

  it("starts new rows at the mean of the old, also in spare rows", () => {
    const table = Float32Array.of(1, 2, 3, 6, 100, 100);
    expect(growTable(table, { width: 2, rows: 4, oldCount: 2, newIds: [2, 3] })).toEqual(
      Float32Array.of(1, 2, 3, 6, 2, 4, 2, 4),
    );
    expect(growConfig(TINY_QWEN2, 280)).toBe(TINY_QWEN2);
    expect(growConfig(TINY_QWEN2, 304).vocabularySize).toBe(304);
    expect(() => growTable(table, { width: 2, rows: 2, oldCount: 2, newIds: [] })).toThrow(
      "growTable: expected 2 to 2 rows of 2, got 3",
    );
  });
});

describe("conversations", () => {
  it("follow the template", () => {
    const tokenizer = createTokenizer(tinyTokenizer());
    const turns = [{ role: "user" as const, content: "Is it normal?" }];
    expect(renderChat(tokenizer, turns)).toBe(
      "<|im_start|>user\nIs it normal?<|im_end|>\n<|im_start|>assistant\n",
    );
    expect(renderChat(tokenizer, turns, { addGenerationPrompt: false })).not.toContain("assistant");
  });

  it("need a template that takes them", async () => {
    const { tokenizer, config } = tinyTokenizer();
    const without = createTokenizer({ tokenizer, config: {} });
    expect(() => renderChat(without, [])).toThrow(
      "expected a chat_template in tokenizer_config.json, found none",
    );
    const strict = createTokenizer({
      tokenizer,
      config: { chat_template: "{{ raise_exception('no system') }}" },
    });
    expect(() => renderChat(strict, [])).toThrow(
      /expected turns that the chat template takes, got .*no system/,
    );
    const files = createMemoryFileStore({
      "m/tokenizer.json": JSON.stringify(tokenizer),
      "m/tokenizer_config.json": JSON.stringify(config),
      "m/chat_template.jinja": "{{ messages[0].content }}!",
    });
    const loaded = await loadTokenizer(files, "m");
    expect(renderChat(loaded, [{ role: "user", content: "hi" }])).toBe("hi!");
    await expect(loadTokenizer(createMemoryFileStore({ "m/x": "" }), "m")).rejects.toThrow(
      "m: expected a model folder with tokenizer.json, found a folder without it",
    );
    expect(() => createTokenizer({ tokenizer: { model: { type: "None" } }, config: {} })).toThrow(
      "tokenizer.json: expected a tokenizer of Hugging Face's format",
    );
  });
});

describe("text streams", () => {
  const tokenizer = createTokenizer(tinyTokenizer());
  const run = (text: string, stops: string[] = []): { pieces: string[]; stopped: boolean } => {
    const stream = createTextStream(tokenizer, stops);
    const pieces: string[] = [];
    for (const id of tokenizer.encode(text)) {
      const piece = stream.push(id);
      pieces.push(piece.text);
      if (piece.stopped) return { pieces: [...pieces, stream.finish()], stopped: true };
    }
    return { pieces: [...pieces, stream.finish()], stopped: false };
  };

  it("hold back half characters", () => {
    const { pieces } = run("🫀 é");
    expect(pieces.join("")).toBe("🫀 é");
    expect(pieces.slice(0, 3)).toEqual(["", "", ""]);
    expect(pieces.every((piece) => !piece.includes("\ufffd"))).toBe(true);
  });

  it("hold back what may become a stop string, and give it when it does not", () => {
    const { pieces, stopped } = run("a END", ["END"]);
    expect([pieces.join(""), stopped]).toEqual(["a ", true]);
    expect(run("a ENX", ["END"]).pieces.join("")).toBe("a ENX");
    expect(run("a EN", ["END"])).toMatchObject({ stopped: false });
    expect(run("a EN", ["END"]).pieces.at(-1)).toBe("EN");
  });
});
