// renderChat: a conversation as the text that a model was trained on, by its Jinja chat template.
import { Template } from "@huggingface/jinja";
import { EcgError, errorMessage } from "../../shared/errors.ts";
import type { TextTokenizer } from "./load-tokenizer.ts";

export type ChatTurn = { readonly role: "system" | "user" | "assistant"; readonly content: string };

export type RenderChatOptions = {
  /** End with the opening of the assistant's turn. Default true. */
  readonly addGenerationPrompt?: boolean;
  /** Further variables of the template. */
  readonly variables?: Readonly<Record<string, unknown>>;
};

/**
 * The conversation as text; encode it without adding special tokens, it has its own.
 * @throws EcgError NOT_FOUND for a tokenizer without a template, INVALID_OPTION when the template refuses the turns.
 */
export function renderChat(
  tokenizer: TextTokenizer,
  turns: readonly ChatTurn[],
  options: RenderChatOptions = {},
): string {
  const { chatTemplate, beginToken, endToken, padToken } = tokenizer;
  if (chatTemplate === undefined) {
    throw new EcgError(
      "NOT_FOUND",
      "renderChat: expected a chat_template in tokenizer_config.json, found none",
      {
        hint: "take an instruct version of the model",
      },
    );
  }
  try {
    return new Template(chatTemplate).render({
      messages: turns,
      add_generation_prompt: options.addGenerationPrompt ?? true,
      bos_token: beginToken ?? "",
      eos_token: endToken ?? "",
      pad_token: padToken ?? "",
      ...options.variables,
    });
  } catch (cause) {
    throw new EcgError(
      "INVALID_OPTION",
      `renderChat: expected turns that the chat template takes, got ${errorMessage(cause)}`,
      { details: { roles: turns.map(({ role }) => role) }, cause },
    );
  }
}
