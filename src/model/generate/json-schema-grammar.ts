// grammarOfSchema: a JSON schema as the grammar of the texts that satisfy it.
// Source: JSON Schema 2020-12; what has no finite grammar of this kind is refused by name.
import { EcgError } from "../../shared/errors.ts";
import {
  anyNumber,
  anyString,
  arrayOf,
  choice,
  type JsonPart,
  type JsonProperty,
  literal,
  objectOf,
} from "./json-grammar.ts";

/** A JSON schema, as `z.toJSONSchema` gives it or as written by hand. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Keywords that say nothing about a value. */
const NOTES = ["$schema", "$id", "$comment", "title", "description", "default", "examples", "deprecated"];

/** Keywords that say something, by type. */
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  object: ["type", "properties", "required", "additionalProperties"],
  array: ["type", "items", "minItems", "maxItems"],
  string: ["type", "minLength", "maxLength"],
  number: ["type", "minimum", "maximum"],
  integer: ["type", "minimum", "maximum"],
  boolean: ["type"],
  null: ["type"],
};

/**
 * The grammar of a schema: objects with `properties`, `required` and `additionalProperties: false`, arrays with
 * `items`, `minItems` and `maxItems`, strings with `minLength` and `maxLength`, numbers and integers with `minimum` and
 * `maximum`, booleans, null, `enum`, `const` and `anyOf`. Properties are written in the schema's order.
 * @throws EcgError UNSUPPORTED_FORMAT naming the keyword that is not built here and its place; INVALID_OPTION for a
 * schema that is malformed or that no value satisfies.
 */
export function grammarOfSchema(schema: JsonSchema): JsonPart {
  return partOf(schema, "#");
}

function partOf(schema: unknown, where: string): JsonPart {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) {
    throw refuse(where, "a schema object", JSON.stringify(schema) ?? "undefined");
  }
  const given = schema as JsonSchema;
  if ("anyOf" in given) {
    checkKeywords(given, ["anyOf"], "anyOf", where);
    return choice(listOf(given, "anyOf", where).map((option, i) => partOf(option, `${where}/anyOf/${i}`)));
  }
  if ("enum" in given || "const" in given) return literalsOf(given, where);
  const type = given["type"];
  const keywords = typeof type === "string" && Object.hasOwn(KEYWORDS, type) ? KEYWORDS[type] : undefined;
  if (!keywords) {
    const place = `json schema ${where}`;
    const names = Object.keys(KEYWORDS).join(", ");
    const found = type === undefined ? `keywords ${Object.keys(given).join(", ") || "none"}` : asText(type);
    throw new EcgError("UNSUPPORTED_FORMAT", `${place}: expected type ${names}, got ${found}`, {
      hint: "write several types as anyOf, and references in full",
    });
  }
  checkKeywords(given, keywords, `type ${type}`, where);
  return typedPart(String(type), given, where);
}

function typedPart(type: string, schema: JsonSchema, where: string): JsonPart {
  switch (type) {
    case "object":
      return objectPart(schema, where);
    case "array": {
      const [least, most] = spanOf(schema, "minItems", "maxItems", where);
      // items that are never written need no schema
      const item = most === 0 ? literal("null") : partOf(schema["items"], `${where}/items`);
      return arrayOf(item, least, most);
    }
    case "string":
      return anyString(...spanOf(schema, "minLength", "maxLength", where));
    case "boolean":
      return choice([literal("true"), literal("false")]);
    case "null":
      return literal("null");
    default:
      return numberPart(schema, type === "integer", where);
  }
}

function objectPart(schema: JsonSchema, where: string): JsonPart {
  const properties = schema["properties"];
  if (typeof properties !== "object" || properties === null || Array.isArray(properties)) {
    throw refuse(where, "properties of an object", asText(properties));
  }
  if (schema["additionalProperties"] !== undefined && schema["additionalProperties"] !== false) {
    throw new EcgError(
      "UNSUPPORTED_FORMAT",
      `json schema ${where}: expected additionalProperties false, got ${asText(schema["additionalProperties"])}`,
    );
  }
  const required = schema["required"] === undefined ? [] : listOf(schema, "required", where, 0);
  const missing = required.find((name) => typeof name !== "string" || !Object.hasOwn(properties, name));
  if (missing !== undefined) throw refuse(where, "required names of its properties", asText(missing));
  const list = Object.entries(properties).map(
    ([name, value]): JsonProperty => ({
      name,
      value: partOf(value, `${where}/properties/${name}`),
      required: required.includes(name),
    }),
  );
  return objectOf(list);
}

function numberPart(schema: JsonSchema, whole: boolean, where: string): JsonPart {
  const limit = (name: string, otherwise: number): number => {
    const value = schema[name];
    if (value === undefined) return otherwise;
    if (typeof value === "number") return value;
    throw refuse(where, `a number as ${name}`, asText(value));
  };
  const minimum = limit("minimum", Number.NEGATIVE_INFINITY);
  const maximum = limit("maximum", Number.POSITIVE_INFINITY);
  const part = anyNumber({ whole, minimum, maximum });
  if (Number.isFinite(part.shortest)) return part;
  throw refuse(
    where,
    `a range with ${whole ? "an integer" : "a number"} of 15 digits, 9 behind the point`,
    `${minimum} to ${maximum}`,
  );
}

/** Values as `JSON.stringify` writes them. */
function literalsOf(schema: JsonSchema, where: string): JsonPart {
  const keyword = "enum" in schema ? "enum" : "const";
  checkKeywords(schema, ["type", keyword], keyword, where);
  const values = keyword === "enum" ? listOf(schema, "enum", where) : [schema["const"]];
  const type = schema["type"];
  const odd = values.find((value) => type !== undefined && !isOfType(value, type));
  if (odd !== undefined) throw refuse(where, `${keyword} of type ${asText(type)}`, asText(odd));
  return choice(values.map((value) => literal(JSON.stringify(value))));
}

function isOfType(value: unknown, type: unknown): boolean {
  if (type === "integer") return Number.isInteger(value);
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  return typeof value === type && value !== null && !Array.isArray(value);
}

function listOf(schema: JsonSchema, name: string, where: string, least = 1): readonly unknown[] {
  const list = schema[name];
  if (Array.isArray(list) && list.length >= least) return list;
  throw refuse(where, `${name} to be a list of at least ${least}`, asText(list));
}

function spanOf(schema: JsonSchema, low: string, high: string, where: string): [number, number] {
  const [least, most] = [schema[low] ?? 0, schema[high] ?? Number.POSITIVE_INFINITY];
  const fits = (value: unknown): value is number => typeof value === "number" && value >= 0;
  const whole = (value: unknown): boolean => Number.isInteger(value) || value === Number.POSITIVE_INFINITY;
  if (fits(least) && fits(most) && Number.isInteger(least) && whole(most) && least <= most)
    return [least, most];
  throw refuse(where, `whole ${low} of at most ${high}`, `${asText(least)} and ${asText(most)}`);
}

function checkKeywords(schema: JsonSchema, known: readonly string[], of: string, where: string): void {
  const odd = Object.keys(schema).find((name) => !known.includes(name) && !NOTES.includes(name));
  if (odd === undefined) return;
  throw new EcgError(
    "UNSUPPORTED_FORMAT",
    `json schema ${where}: expected only ${known.join(", ")} beside ${of}, got ${odd}`,
    { hint: "leave the keyword out and check the value afterwards" },
  );
}

function asText(value: unknown): string {
  return typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "none");
}

function refuse(where: string, expected: string, got: string): EcgError {
  return new EcgError("INVALID_OPTION", `json schema ${where}: expected ${expected}, got ${got}`);
}
