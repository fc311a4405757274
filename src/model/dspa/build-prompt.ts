// buildPrompt: text and features in the order of Eq. (10), by template filling: chat frame, <sig> and <img> with what
// they mark, <text> with the context, the instruction.
import { EcgError } from "../../shared/errors.ts";
import { requireTokens, type TextTokenizer } from "../tokenizer/load-tokenizer.ts";
import { renderChat } from "../tokenizer/render-chat.ts";

/** One place of a prompt: a token, or the next vector of a segment or picture. */
export type PromptPlace =
  | { readonly kind: "token"; readonly id: number }
  | { readonly kind: "segment" | "image"; readonly index: number; readonly vector: number };

/** How many segments and pictures a recording shows; either may be 0. Vectors are counted by the model's config. */
export type ShownRecording = { readonly segments: number; readonly images: number };

export type PromptFrame = {
  /** What comes first: a system line where the template has one, the opening of the user's turn. */
  readonly head: readonly number[];
  /** From the end of the instruction to the beginning of the answer. */
  readonly tail: readonly number[];
  readonly sig: number;
  readonly img: number;
  readonly text: number;
  readonly pred: number;
};

export type PromptSizes = { readonly vectorsPerSegment: number; readonly vectorsPerImage: number };

/** What the turn's content is rendered as, to find where it lies in a chat template. */
const CONTENT_MARK = "@@CONTENT@@";

/**
 * The chat template around a user's turn.
 * @throws EcgError NOT_FOUND where the tokenizer lacks one of `<sig> <img> <text> <pred>` or a chat template;
 * INVALID_FILE for a template that drops the content.
 */
export function promptFrame(tokenizer: TextTokenizer, where = "tokenizer"): PromptFrame {
  const [sig, img, text, pred] = requireTokens(tokenizer, ["<sig>", "<img>", "<text>", "<pred>"], where) as [
    number,
    number,
    number,
    number,
  ];
  const rendered = renderChat(tokenizer, [{ role: "user", content: CONTENT_MARK }]).split(CONTENT_MARK);
  if (rendered.length !== 2) {
    throw new EcgError(
      "INVALID_FILE",
      `${where}: expected a chat template that shows the user's turn once, found ${rendered.length - 1} times`,
    );
  }
  return { head: tokenizer.encode(rendered[0]!), tail: tokenizer.encode(rendered[1]!), sig, img, text, pred };
}

/** Names of the recordings where there are several. */
const ORDINALS = ["First ECG:", "Second ECG:", "Third ECG:", "Fourth ECG:"];

/**
 * The part of a prompt that all questions about the same recordings share: frame, features, context. Segments and
 * pictures are numbered over all recordings, in order. A missing modality is simply absent.
 */
export function promptPrefix(
  tokenizer: TextTokenizer,
  frame: PromptFrame,
  shown: readonly ShownRecording[],
  context: string,
  sizes: PromptSizes,
): PromptPlace[] {
  const places: PromptPlace[] = frame.head.map(token);
  let segment = 0;
  let image = 0;
  for (const [position, { segments, images }] of shown.entries()) {
    if (shown.length > 1)
      places.push(...tokenizer.encode(ORDINALS[position] ?? `ECG ${position + 1}:`).map(token));
    for (let i = 0; i < segments; i++) {
      places.push(token(frame.sig));
      for (let vector = 0; vector < sizes.vectorsPerSegment; vector++) {
        places.push({ kind: "segment", index: segment, vector });
      }
      segment++;
    }
    for (let i = 0; i < images; i++) {
      places.push(token(frame.img));
      for (let vector = 0; vector < sizes.vectorsPerImage; vector++)
        places.push({ kind: "image", index: image, vector });
      image++;
    }
  }
  return [...places, token(frame.text), ...tokenizer.encode(`${context}\n`).map(token)];
}

/** The place of each recording's last vector; undefined for one that shows none. */
export function lastVectors(
  prefix: readonly PromptPlace[],
  shown: readonly ShownRecording[],
): (number | undefined)[] {
  let [segments, images] = [0, 0];
  return shown.map((entry) => {
    segments += entry.segments;
    images += entry.images;
    const kind = entry.images > 0 ? "image" : "segment";
    const index = (kind === "image" ? images : segments) - 1;
    if (entry.images + entry.segments === 0) return undefined;
    const place = prefix.findLastIndex((found) => found.kind === kind && found.index === index);
    return place < 0 ? undefined : place;
  });
}

/** First tokens of " yes" and " no", by which the model says whether a finding is there and whether an option is right. */
export function verdictIds(tokenizer: TextTokenizer): readonly [yes: number, no: number] {
  return [tokenizer.encode(" yes")[0]!, tokenizer.encode(" no")[0]!];
}

/** The part of its own: the instruction and the opening of the answer. */
export function promptQuestion(tokenizer: TextTokenizer, frame: PromptFrame, instruction: string): number[] {
  return [...tokenizer.encode(instruction), ...frame.tail];
}

function token(id: number): PromptPlace {
  return { kind: "token", id };
}
