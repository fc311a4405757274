// Earlier turns of a conversation: the prompt is the chat template's own, and only answers in words see them.
import { describe, expect, it } from "vitest";
import { askShown, type ShownInputs } from "../../src/model/dspa/ask-question.ts";
import { promptQuestion } from "../../src/model/dspa/build-prompt.ts";
import { withEarlierTurns } from "../../src/model/dspa/earlier-turns.ts";
import type { HeartcareModel } from "../../src/model/dspa/heartcare-model.ts";
import { createTokenizer } from "../../src/model/tokenizer/load-tokenizer.ts";
import { renderChat } from "../../src/model/tokenizer/render-chat.ts";
import { tinyTokenizer } from "./tiny-models.ts";

const files = tinyTokenizer();
const tokenizer = createTokenizer(files);
const EARLIER = [
  { question: "What rhythm?", answer: "sinus rhythm" },
  { question: "And the axis?", answer: "normal axis" },
];

describe("withEarlierTurns", () => {
  it("leaves a first question alone", () => {
    expect(withEarlierTurns(tokenizer, [], "What rhythm?")).toBe("What rhythm?");
  });

  it("with the frame of a prompt around it gives the tokens of the whole conversation", () => {
    const text = withEarlierTurns(tokenizer, EARLIER, "Why?");
    expect(text).toBe(
      "What rhythm?<|im_end|>\n<|im_start|>assistant\nsinus rhythm<|im_end|>\n<|im_start|>user\n" +
        "And the axis?<|im_end|>\n<|im_start|>assistant\nnormal axis<|im_end|>\n<|im_start|>user\nWhy?",
    );
    const [head, tail] = renderChat(tokenizer, [{ role: "user", content: "@" }])
      .split("@")
      .map((part) => tokenizer.encode(part));
    const frame = { head: head!, tail: tail!, sig: 0, img: 0, text: 0, pred: 0 };
    const conversation = EARLIER.flatMap(({ question, answer }) => [
      { role: "user", content: question } as const,
      { role: "assistant", content: answer } as const,
    ]);
    expect([...frame.head, ...promptQuestion(tokenizer, frame, text)]).toEqual(
      tokenizer.encode(renderChat(tokenizer, [...conversation, { role: "user", content: "Why?" }])),
    );
  });

  it("refuses a template that drops a turn", () => {
    const forgetful = createTokenizer({
      ...files,
      config: { ...(files.config as object), chat_template: "{{ messages[-1]['content'] }}" },
    });
    expect(() => withEarlierTurns(forgetful, EARLIER, "Why?")).toThrowError(
      "chat template: expected each of 5 turns once, found 1",
    );
  });
});

describe("askShown with earlier turns", () => {
  const asked: string[] = [];
  const model = {
    tokenizer,
    stream: async function* (_: unknown, instruction: string) {
      asked.push(instruction);
      yield { type: "finish", reason: "end", answer: { text: " because ", tokenIds: [] } };
    },
    choose: async (_: unknown, instruction: string) => {
      asked.push(instruction);
      return { text: "A: x", index: 0, shares: [1, 0] };
    },
    read: async () => [],
    asksForForecast: () => false,
  } as unknown as HeartcareModel;
  const shown = { inputs: [], prompt: {}, evidence: {} } as unknown as ShownInputs;
  const ask = async (question: string, options = {}): Promise<string | undefined> => {
    await askShown(model, shown, question, options);
    return asked.at(-1);
  };

  it("puts them before a question in words, where there are any", async () => {
    expect(await ask("Why?", { earlier: EARLIER.slice(1) })).toBe(
      "And the axis?<|im_end|>\n<|im_start|>assistant\nnormal axis<|im_end|>\n<|im_start|>user\nWhy?",
    );
    expect(await ask("Why?")).toBe("Why?");
  });

  it("keeps them from a question with options", async () => {
    const question = "Which? A: x; B: y";
    expect(await ask(question, { earlier: EARLIER })).toBe(question);
    expect(await askShown(model, shown, "Why?", { earlier: EARLIER })).toMatchObject({
      kind: "open",
      question: "Why?",
      answer: "because",
    });
  });
});
