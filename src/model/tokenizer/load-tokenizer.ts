// loadTokenizer: text to token ids and back, by a folder's tokenizer.json; which special tokens it names.
import { Tokenizer } from "@huggingface/tokenizers";
import { z } from "zod";
import { type FileStore, joinPath, readText } from "../../shared/byte-source.ts";
import { EcgError, errorMessage } from "../../shared/errors.ts";
import { parseFile, readFolderJson } from "../config/read-folder-json.ts";

/** The two JSON files of a tokenizer, as they are on disk. */
export type TokenizerFiles = {
  /** tokenizer.json. */
  readonly tokenizer: Readonly<Record<string, unknown>>;
  /** tokenizer_config.json; `{}` where the folder has none. */
  readonly config: Readonly<Record<string, unknown>>;
};

export type TextTokenizer = {
  readonly files: TokenizerFiles;
  /** One more than the highest id. A model's table may have more rows, never fewer. */
  readonly size: number;
  readonly beginToken: string | undefined;
  readonly endToken: string | undefined;
  readonly padToken: string | undefined;
  /** The Jinja template of a conversation, when there is one. */
  readonly chatTemplate: string | undefined;
  /** Special tokens written in the text are recognised. `addSpecialTokens` adds what the tokenizer puts around a text. */
  encode(text: string, options?: { readonly addSpecialTokens?: boolean }): number[];
  /** Bytes that are no whole UTF-8 character become U+FFFD. Special tokens are left out unless kept. */
  decode(ids: readonly number[], options?: { readonly keepSpecialTokens?: boolean }): string;
  idOf(token: string): number | undefined;
  tokenOf(id: number): string | undefined;
};

const tokenName = z
  .union([z.string(), z.looseObject({ content: z.string() })], "a token or null")
  .nullish()
  .transform((value) => (typeof value === "object" ? value?.content : value));

const configSchema = z.looseObject({
  bos_token: tokenName,
  eos_token: tokenName,
  pad_token: tokenName,
  chat_template: z
    .union([z.string(), z.array(z.looseObject({ name: z.string(), template: z.string() }))])
    .nullish(),
});

/**
 * Read tokenizer.json, tokenizer_config.json and chat_template.jinja of a folder.
 * @throws EcgError NOT_FOUND without tokenizer.json; INVALID_FILE for one that cannot be used.
 */
export async function loadTokenizer(files: FileStore, folder: string): Promise<TextTokenizer> {
  const tokenizer = await readFolderJson(files, folder, "tokenizer.json");
  const hasConfig = await files.exists(joinPath(folder, "tokenizer_config.json"));
  const config = hasConfig ? await readFolderJson(files, folder, "tokenizer_config.json") : {};
  const templatePath = joinPath(folder, "chat_template.jinja");
  const template = (await files.exists(templatePath)) ? await readText(files, templatePath) : undefined;
  return createTokenizer(
    {
      tokenizer,
      config: template === undefined ? config : { ...config, chat_template: template },
    },
    joinPath(folder, "tokenizer.json"),
  );
}

/** A tokenizer from its JSON. @throws EcgError INVALID_FILE. */
export function createTokenizer(files: TokenizerFiles, where = "tokenizer.json"): TextTokenizer {
  const names = parseFile(configSchema, files.config, `${where}: tokenizer_config`);
  const inner = buildTokenizer(files, where);
  const ids = [...inner.get_vocab(true).values(), ...inner.get_added_tokens_decoder().keys()];
  return {
    files,
    size: ids.reduce((highest, id) => Math.max(highest, id), -1) + 1,
    beginToken: names.bos_token ?? undefined,
    endToken: names.eos_token ?? undefined,
    padToken: names.pad_token ?? undefined,
    chatTemplate: chooseTemplate(names.chat_template),
    encode: (text, { addSpecialTokens = false } = {}) =>
      inner.encode(text, { add_special_tokens: addSpecialTokens }).ids,
    decode: (list, { keepSpecialTokens = false } = {}) =>
      list.length === 0 ? "" : inner.decode([...list], { skip_special_tokens: !keepSpecialTokens }),
    idOf: (token) => inner.token_to_id(token),
    tokenOf: (id) => inner.id_to_token(id),
  };
}

/**
 * Ids of tokens that a prompt cannot do without.
 * @throws EcgError NOT_FOUND naming the tokens that the tokenizer lacks.
 */
export function requireTokens(
  tokenizer: TextTokenizer,
  tokens: readonly string[],
  where = "tokenizer",
): number[] {
  const missing = tokens.filter((token) => tokenizer.idOf(token) === undefined);
  if (missing.length > 0) {
    throw new EcgError(
      "NOT_FOUND",
      `${where}: expected the special tokens ${tokens.join(" ")}, found no ${missing.join(" ")}`,
      { hint: "grow the vocabulary by them first, or take a folder trained with them" },
    );
  }
  return tokens.map((token) => tokenizer.idOf(token)!);
}

function buildTokenizer(files: TokenizerFiles, where: string): Tokenizer {
  try {
    return new Tokenizer(files.tokenizer, files.config);
  } catch (cause) {
    throw new EcgError(
      "INVALID_FILE",
      `${where}: expected a tokenizer of Hugging Face's format, got ${errorMessage(cause)}`,
      { cause },
    );
  }
}

function chooseTemplate(template: z.infer<typeof configSchema>["chat_template"]): string | undefined {
  if (typeof template === "string") return template;
  return (template?.find(({ name }) => name === "default") ?? template?.[0])?.template;
}
