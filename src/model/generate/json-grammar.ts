// The parts that a constrained JSON text is made of, and how few bytes each can be written in.
import { charactersToNumber, type NumberRange } from "./json-number.ts";

/** What one JSON value, or a piece of one, may look like. Parts are shared: a grammar has no cycles. */
export type JsonPart =
  | ({ readonly kind: "literal"; readonly bytes: Uint8Array } & Measured)
  | ({ readonly kind: "sequence"; readonly parts: readonly JsonPart[] } & Measured)
  | ({ readonly kind: "choice"; readonly options: readonly JsonPart[] } & Measured)
  /** Characters of a string and the quote that ends it. */
  | ({ readonly kind: "characters"; readonly least: number; readonly most: number } & Measured)
  | ({ readonly kind: "number"; readonly range: NumberRange } & Measured)
  /** Items of an array, the commas between them, and the bracket that ends it. */
  | ({
      readonly kind: "items";
      readonly item: JsonPart;
      readonly least: number;
      readonly most: number;
    } & Measured);

type Measured = {
  /** Numbers the parts, for states to be told apart. */
  readonly id: number;
  /** The bytes of its shortest text; infinite when there is none. */
  readonly shortest: number;
};

let lastId = 0;

/** Text as it is. */
export function literal(text: string): JsonPart {
  const bytes = new TextEncoder().encode(text);
  return { kind: "literal", id: ++lastId, bytes, shortest: bytes.length };
}

/** Parts behind each other; none of them is an empty text. */
export function sequence(parts: readonly JsonPart[]): JsonPart {
  const shortest = parts.reduce((sum, part) => sum + part.shortest, 0);
  return { kind: "sequence", id: ++lastId, parts, shortest };
}

/** One of several. */
export function choice(options: readonly JsonPart[]): JsonPart {
  const shortest = Math.min(...options.map((option) => option.shortest));
  return { kind: "choice", id: ++lastId, options, shortest };
}

/** A string of so many characters (code points). */
export function anyString(least: number, most: number): JsonPart {
  return sequence([literal('"'), { kind: "characters", id: ++lastId, least, most, shortest: least + 1 }]);
}

/** A number of a range, written without exponent. */
export function anyNumber(range: NumberRange): JsonPart {
  const shortest = charactersToNumber(range, "") ?? Number.POSITIVE_INFINITY;
  return { kind: "number", id: ++lastId, range, shortest };
}

/** An array of so many items. */
export function arrayOf(item: JsonPart, least: number, most: number): JsonPart {
  const items = { kind: "items", id: ++lastId, item, least, most } as const;
  return sequence([literal("["), { ...items, shortest: shortestItems({ ...items, shortest: 0 }, 0) }]);
}

/** The fewest bytes that end an array after `done` items. */
export function shortestItems(part: JsonPart & { readonly kind: "items" }, done: number): number {
  const missing = Math.max(0, part.least - done);
  const commas = done === 0 ? Math.max(0, missing - 1) : missing;
  return (missing === 0 ? 0 : missing * part.item.shortest) + commas + 1;
}

/** Between values, where a space may stand or not. */
export const OPTIONAL_SPACE: JsonPart = choice([sequence([]), literal(" ")]);

export type JsonProperty = {
  readonly name: string;
  readonly value: JsonPart;
  readonly required: boolean;
};

/** An object with its properties in order, those that are not required written or left out. */
export function objectOf(properties: readonly JsonProperty[]): JsonPart {
  const end = literal("}");
  // from the last property back: what may follow, with and without one written before
  let [first, later]: [JsonPart, JsonPart] = [end, end];
  for (const { name, value, required } of properties.toReversed()) {
    const written = [literal(`${JSON.stringify(name)}:`), OPTIONAL_SPACE, value, later];
    const asFirst = sequence(written);
    const asLater = sequence([literal(","), OPTIONAL_SPACE, ...written]);
    [first, later] = required ? [asFirst, asLater] : [choice([asFirst, first]), choice([asLater, later])];
  }
  return sequence([literal("{"), first]);
}
