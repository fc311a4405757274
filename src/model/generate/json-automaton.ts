// createJsonAutomaton: reads a JSON text byte by byte against a grammar. A state is all the ways in which the text so
// far can go on, each a stack of what is still to come; states are shared, so that equal ones are worked out once.
import { type JsonPart, shortestItems } from "./json-grammar.ts";
import { charactersToNumber, isNumberOf } from "./json-number.ts";
import { advanceCharacter, bytesToCharacterEnd, type CharacterPlace } from "./json-string.ts";

/** A place in a text that fits the grammar so far. */
export type JsonState = {
  /** Equal for states that allow the same next {@link JsonAutomatonOptions.lookahead} bytes. */
  readonly key: string;
  /** Whether the text may end here. */
  readonly complete: boolean;
  /** Whether it must. */
  readonly ended: boolean;
  /** The fewest bytes to an end. */
  readonly bytesToEnd: number;
  /** After one more byte; undefined when no text of the grammar goes on so. */
  step(byte: number): JsonState | undefined;
};

export type JsonAutomatonOptions = {
  /** How many bytes are read from a state at once. Default 32. */
  readonly lookahead?: number;
};

/** How far a part is written: bytes of a literal, parts of a sequence, items of an array, characters of a number. */
type Progress =
  | { readonly kind: "count"; readonly count: number }
  | { readonly kind: "text"; readonly text: string }
  | ({ readonly kind: "characters"; readonly count: number } & { readonly place: CharacterPlace });

/** A part that is being written, and what follows it. */
type Frame = {
  readonly part: JsonPart;
  readonly progress: Progress;
  readonly rest: Frame | undefined;
  readonly exactKey: string;
  readonly key: string;
  readonly bytesToEnd: number;
};

/** States are forgotten beyond this count: numbers and counted strings have one a digit or character. */
const STATE_LIMIT = 50_000;

/** The state before the first byte. */
export function createJsonAutomaton(grammar: JsonPart, options: JsonAutomatonOptions = {}): JsonState {
  const { lookahead = 32 } = options;
  const known = new Map<string, JsonState>();
  let steps: Steps = new WeakMap();
  const build = (alternatives: readonly (Frame | undefined)[]): JsonState | undefined => {
    const settled = new Map<string, Frame>();
    const complete = alternatives.map((frame) => settle(frame, settled, lookahead)).includes(true);
    if (!complete && settled.size === 0) return undefined;
    const keys = [...settled.keys()].sort();
    const exactKey = `${complete ? "!" : ""}${keys.join("|")}`;
    const found = known.get(exactKey);
    if (found) return found;
    const frames = keys.map((key) => settled.get(key)!);
    if (known.size >= STATE_LIMIT) {
      known.clear();
      steps = new WeakMap();
    }
    const state = createState(frames, complete, (byte) => {
      const taken = steps.get(state) ?? new Map<number, JsonState | undefined>();
      if (taken.has(byte)) return taken.get(byte);
      const ways = frames.flatMap((frame) => read(frame, byte, lookahead));
      const after = ways.length > 0 ? build(ways) : undefined;
      taken.set(byte, after);
      steps.set(state, taken);
      return after;
    });
    known.set(exactKey, state);
    return state;
  };
  return build([enter(grammar, undefined, lookahead)])!;
}

/** Where bytes lead, by state: kept apart, so that states which nobody asks for any more can be freed. */
type Steps = WeakMap<JsonState, Map<number, JsonState | undefined>>;

function createState(frames: readonly Frame[], complete: boolean, step: JsonState["step"]): JsonState {
  return {
    key: `${complete ? "!" : ""}${[...new Set(frames.map(({ key }) => key))].join("|")}`,
    complete,
    ended: complete && frames.length === 0,
    bytesToEnd: complete ? 0 : Math.min(...frames.map(({ bytesToEnd }) => bytesToEnd)),
    step,
  };
}

/** A frame at the beginning of a part. */
function enter(part: JsonPart, rest: Frame | undefined, lookahead: number): Frame {
  if (part.kind === "number") return frameOf(part, { kind: "text", text: "" }, rest, lookahead);
  if (part.kind === "characters") {
    return frameOf(part, { kind: "characters", count: 0, place: "between" }, rest, lookahead);
  }
  return frameOf(part, { kind: "count", count: 0 }, rest, lookahead);
}

function frameOf(part: JsonPart, progress: Progress, rest: Frame | undefined, lookahead: number): Frame {
  const [exact, alike] = progressKeys(part, progress, lookahead);
  return {
    part,
    progress,
    rest,
    exactKey: `${part.id}:${exact}${rest ? `/${rest.exactKey}` : ""}`,
    key: `${part.id}:${alike}${rest ? `/${rest.key}` : ""}`,
    bytesToEnd: bytesToPartEnd(part, progress) + (rest?.bytesToEnd ?? 0),
  };
}

/** The progress in words, exactly and as far as the next bytes depend on it. */
function progressKeys(part: JsonPart, progress: Progress, lookahead: number): [string, string] {
  if (progress.kind === "text") return [progress.text, progress.text];
  if (progress.kind === "count" || part.kind !== "characters") {
    const count = String("count" in progress ? progress.count : 0);
    return [count, count];
  }
  const needed = Math.max(0, part.least - progress.count);
  const room = part.most - progress.count;
  const words = (left: number): string => `${progress.place}${needed},${left}`;
  return [words(room), words(Math.min(room, lookahead))];
}

function bytesToPartEnd(part: JsonPart, progress: Progress): number {
  if (part.kind === "number" && progress.kind === "text") {
    return charactersToNumber(part.range, progress.text) ?? Number.POSITIVE_INFINITY;
  }
  if (part.kind === "characters" && progress.kind === "characters") {
    return bytesToCharacterEnd(progress.place) + Math.max(0, part.least - progress.count) + 1;
  }
  const count = "count" in progress ? progress.count : 0;
  if (part.kind === "literal") return part.bytes.length - count;
  if (part.kind === "items") return shortestItems(part, count);
  if (part.kind !== "sequence") return part.shortest;
  return part.parts.slice(count).reduce((sum, { shortest }) => sum + shortest, 0);
}

/** Open parts until each way begins with one that reads a byte. -> whether a way is at its end. */
function settle(frame: Frame | undefined, settled: Map<string, Frame>, lookahead: number): boolean {
  if (!frame) return true;
  const { part, progress, rest } = frame;
  const count = progress.kind === "count" ? progress.count : 0;
  switch (part.kind) {
    case "literal":
    case "characters":
      settled.set(frame.exactKey, frame);
      return false;
    case "number": {
      settled.set(frame.exactKey, frame);
      const ends = progress.kind === "text" && isNumberOf(part.range, progress.text);
      return ends && settle(rest, settled, lookahead);
    }
    case "choice": {
      const ends = part.options.map((option) => settle(enter(option, rest, lookahead), settled, lookahead));
      return ends.includes(true);
    }
    case "sequence": {
      const first = part.parts[count];
      if (!first) return settle(rest, settled, lookahead);
      const isLast = count + 1 === part.parts.length;
      const after = isLast ? rest : frameOf(part, { kind: "count", count: count + 1 }, rest, lookahead);
      return settle(enter(first, after, lookahead), settled, lookahead);
    }
    case "items":
      for (const way of itemWays(part, count, rest, lookahead)) settle(way, settled, lookahead);
      return false;
  }
}

const COMMA = Uint8Array.of(0x2c);
const SPACED_COMMA = Uint8Array.of(0x2c, 0x20);
const BRACKET = Uint8Array.of(0x5d);

/** After some items of an array: its end, or one more item. */
function itemWays(
  part: JsonPart & { readonly kind: "items" },
  count: number,
  rest: Frame | undefined,
  lookahead: number,
): Frame[] {
  const ways: Frame[] = [];
  const punctuation = (bytes: Uint8Array, id: number, after: Frame | undefined): Frame =>
    enter({ kind: "literal", id, bytes, shortest: bytes.length }, after, lookahead);
  if (count >= part.least) ways.push(punctuation(BRACKET, -1, rest));
  if (count >= part.most) return ways;
  // without a limit, arrays that are long enough are all alike
  const next =
    part.most === Number.POSITIVE_INFINITY ? Math.min(count + 1, Math.max(part.least, 1)) : count + 1;
  const after = frameOf(part, { kind: "count", count: next }, rest, lookahead);
  const item = enter(part.item, after, lookahead);
  if (count === 0) ways.push(item);
  else ways.push(punctuation(COMMA, -2, item), punctuation(SPACED_COMMA, -3, item));
  return ways;
}

/** Ways to go on after a byte. */
function read(frame: Frame, byte: number, lookahead: number): (Frame | undefined)[] {
  const { part, progress, rest } = frame;
  if (part.kind === "literal" && progress.kind === "count") {
    if (part.bytes[progress.count] !== byte) return [];
    const count = progress.count + 1;
    return [count === part.bytes.length ? rest : frameOf(part, { kind: "count", count }, rest, lookahead)];
  }
  if (part.kind === "number" && progress.kind === "text") {
    const text = progress.text + String.fromCharCode(byte);
    const possible = charactersToNumber(part.range, text) !== undefined;
    return possible ? [frameOf(part, { kind: "text", text }, rest, lookahead)] : [];
  }
  if (part.kind === "characters" && progress.kind === "characters") {
    const { count, place } = progress;
    if (place === "between" && byte === 0x22) return count >= part.least ? [rest] : [];
    // JSON Schema and JavaScript count characters beyond 16 bits differently: a counted string goes without them
    const counted = part.least > 0 || part.most !== Number.POSITIVE_INFINITY;
    const next = counted && byte >= 0xf0 ? undefined : advanceCharacter(place, byte);
    if (next === undefined) return [];
    const begun = place === "between" ? count + 1 : count;
    if (begun > part.most) return [];
    // without a limit, strings that are long enough are all alike
    const kept = part.most === Number.POSITIVE_INFINITY ? Math.min(begun, part.least) : begun;
    return [frameOf(part, { kind: "characters", count: kept, place: next }, rest, lookahead)];
  }
  return [];
}
