// trainVocabulary: nano's own BPE from what the corpus says: questions, answers, contexts, measured texts, names of findings.
import { STATEMENTS } from "../../labels/statement-table.ts";
import { promptContext } from "../../model/dspa/prompt-context.ts";
import { ECG_TOKENS } from "../../model/tokenizer/grow-vocabulary.ts";
import { createTokenizer, type TextTokenizer } from "../../model/tokenizer/load-tokenizer.ts";
import { trainBpe } from "../../model/tokenizer/train-bpe.ts";
import { statementPhrase } from "../../qa/templates/statement-wording.ts";
import { NANO_CHAT_TEMPLATE, NANO_SPECIAL_TOKENS } from "./nano-config.ts";
import type { Corpus } from "./training-corpus.ts";

/** Each name of a finding counts like so many questions, so that rare ones become few tokens. */
const NAME_COPIES = 20;

/** A tokenizer of at most `vocabularySize` ids. The train split alone shapes it. */
export function trainVocabulary(corpus: Corpus, vocabularySize: number): TextTokenizer {
  const [end, , turnEnd] = NANO_SPECIAL_TOKENS;
  const files = trainBpe(textsOf(corpus), {
    vocabularySize,
    specialTokens: [...NANO_SPECIAL_TOKENS, ...ECG_TOKENS],
    config: {
      tokenizer_class: "Qwen2Tokenizer",
      eos_token: turnEnd,
      pad_token: end,
      chat_template: NANO_CHAT_TEMPLATE,
    },
  });
  return createTokenizer(files);
}

function* textsOf(corpus: Corpus): Generator<string> {
  for (const items of corpus.singles.values()) {
    for (const { instruction, answer } of items) yield `${instruction}\n${answer}`;
  }
  for (const { instruction, answer } of corpus.pairs) yield `${instruction}\n${answer}`;
  for (const entry of corpus.records) {
    const context = corpus.singles.get(entry.id)?.[0]?.context ?? "";
    yield promptContext(context, [entry.measured]);
  }
  for (const { key, name } of STATEMENTS) {
    for (let copy = 0; copy < NAME_COPIES; copy++) yield `${statementPhrase(key)}? ${name}; ${name}`;
  }
}
