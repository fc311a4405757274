// pageText: what the texts of a page say about its ECG: lead names and where they stand, paper speed, gain.
import type { AmplitudeUnit } from "../default-gain.ts";
import { type LeadPlace, leadPlace } from "../lead-layouts.ts";
import type { PixelBox } from "../palette-painter.ts";

/** A text on the picture of a page, in pixels: from the baseline up to the height of capitals. */
export type PageWord = PixelBox & { readonly text: string };

/** Lead names as printed by us (`aVR`, `-aVR`, `V1`) with their boxes, the scales, and the boxes of every text. */
export type PageText = {
  readonly labels: readonly (PixelBox & { readonly label: string })[];
  /** undefined where no text says it, or two disagree. */
  readonly speedMmPerSecond: number | undefined;
  readonly gainMmPerMv: { readonly limb: number; readonly chest: number } | undefined;
  /** What the gain is per; undefined where no text says it. */
  readonly amplitudeUnit: AmplitudeUnit | undefined;
  readonly boxes: readonly PixelBox[];
};

const LEAD_NAME = /^[-–−]?(?:I{1,3}|aV[RLF]|V[1-6])$/i;
const SPEED = /(\d+(?:[.,]\d+)?)\s*mm\s*\/\s*s(?!d)/gi;
const GAIN = /(\d+(?:[.,]\d+)?)\s*mm\s*\/\s*(mV|SD)/gi;
/** Text this near on the same line, in heights of capitals, makes a name a word of a sentence. */
const SENTENCE_GAP = 1.2;
/** Words before a gain that say that it is the chest leads'. */
const CHEST = /(?:chest|V|precord\w*|brust\w*|胸导?联?)\s*[:：=]?\s*$/i;

/** What words say: names that stand alone, "25 mm/s", "10 mm/mV", "Limb: 10 mm/mV Chest: 5 mm/mV". */
export function pageText(words: readonly PageWord[]): PageText {
  const labels = words.flatMap((word) => {
    const name = leadName(word.text);
    return name === undefined || isInSentence(word, words) ? [] : [{ ...boxOf(word), label: name.label }];
  });
  const lines = words.map(({ text }) => text).join("  ");
  const speeds = new Set([...lines.matchAll(SPEED)].map(([, value]) => toNumber(value)));
  const [speed] = speeds;
  return {
    labels,
    speedMmPerSecond: speeds.size === 1 && isWithin(speed, 5, 200) ? speed : undefined,
    gainMmPerMv: gainOf(lines),
    amplitudeUnit: unitOf(lines),
    boxes: words.map(boxOf),
  };
}

function leadName(text: string): LeadPlace | undefined {
  const name = text.trim();
  if (!LEAD_NAME.test(name)) return undefined;
  const inverted = /^[-–−]/.test(name);
  const bare = name
    .replace(/^[-–−]/, "")
    .toUpperCase()
    .replace(/^AV/, "aV");
  return leadPlace(`${inverted ? "-" : ""}${bare}`);
}

/** Whether other text than lead names stands right beside a word. */
function isInSentence(word: PageWord, words: readonly PageWord[]): boolean {
  const reach = SENTENCE_GAP * (word.toY - word.fromY);
  return words.some((other) => {
    if (other === word || leadName(other.text) !== undefined) return false;
    const gap = Math.max(other.fromX - word.toX, word.fromX - other.toX);
    const sameLine = Math.abs(other.toY - word.toY) < 0.5 * (word.toY - word.fromY);
    return sameLine && gap < reach && gap > -reach;
  });
}

/** One gain, or two: that of the limb leads and that of the chest leads, in this order unless words say otherwise. */
function gainOf(lines: string): { readonly limb: number; readonly chest: number } | undefined {
  const found = [...lines.matchAll(GAIN)].map((match) => ({
    value: toNumber(match[1]),
    chest: CHEST.test(lines.slice(0, match.index)),
  }));
  const values = [...new Set(found.map(({ value }) => value))];
  const [first, second] = values;
  if (first === undefined || values.length > 2 || !values.every((value) => isWithin(value, 1, 80))) {
    return undefined;
  }
  if (second === undefined) return { limb: first, chest: first };
  return found[0]?.chest ? { limb: second, chest: first } : { limb: first, chest: second };
}

function unitOf(lines: string): AmplitudeUnit | undefined {
  const units = new Set([...lines.matchAll(GAIN)].map(([, , unit = ""]) => unit.toUpperCase()));
  if (units.size !== 1) return undefined;
  return units.has("SD") ? "SD" : "mV";
}

function toNumber(text = ""): number {
  return Number(text.replace(",", "."));
}

function isWithin(value: number | undefined, least: number, most: number): boolean {
  return value !== undefined && value >= least && value <= most;
}

function boxOf({ fromX, fromY, toX, toY }: PixelBox): PixelBox {
  return { fromX, fromY, toX, toY };
}
