// showEcgs: what is shown to a model as the part of a prompt that all questions share, and each recording alone for reading.
import type { LeadTile } from "../../images/lead-tiles.ts";
import { EcgError } from "../../shared/errors.ts";
import { tilePatches } from "../vision/tile-patches.ts";
import { type PromptPlace, promptPrefix, type ShownRecording } from "./build-prompt.ts";
import { describeMeasurements } from "./describe-measurements.ts";
import { tilesPerImage, vectorsPerSegment } from "./heartcare-config.ts";
import type {
  AnswerEvidence,
  HeartcareModelParts,
  ShownEcg,
  ShownPrompt,
  ShownTiles,
} from "./heartcare-model.ts";
import { WHOLE_PAGE } from "./page-tile.ts";
import { promptContext } from "./prompt-context.ts";
import { requireSamples } from "./require-samples.ts";
import { RHYTHM_STRIP } from "./rhythm-tile.ts";
import type { ReadingPrompt } from "./statement-reader.ts";

/** Encode what is shown; `context` says who was recorded and how. @throws EcgError as `HeartcareModel.show`. */
export async function showEcgs(
  ecgs: readonly ShownEcg[],
  context: string,
  parts: HeartcareModelParts,
): Promise<ShownPrompt> {
  const { config, beat, features } = parts;
  const segmentRows: Float32Array[] = [];
  const imageRows: Float32Array[] = [];
  const recordings: AnswerEvidence["recordings"][number][] = [];
  for (const { signal, images = [], measurements, patient } of ecgs) {
    const segments: AnswerEvidence["recordings"][number]["segments"][number][] = [];
    if (signal) {
      requireSamples(signal.record);
      const encoded = await beat.encode(signal.record, { prepared: signal.prepared });
      for (const segment of encoded) {
        segmentRows.push(await features.segment(segment));
        const seconds = (sample: number): number => sample / config.signal.samplingRateHz;
        segments.push({
          startSeconds: seconds(segment.window.startSample),
          endSeconds: seconds(segment.window.endSample),
          core: segment.core,
        });
      }
    }
    for (const tiles of images) imageRows.push(await features.image(patchesOf(tiles, parts)));
    recordings.push({
      recordId: signal?.record.id ?? null,
      segments,
      images: images.map(shownTiles),
      measuredText:
        config.measuredText && (signal || (images.length > 0 && config.image.measuredText))
          ? describeMeasurements(measurements, patient ?? {})
          : "",
    });
  }
  const text = promptContext(
    context,
    recordings.map(({ measuredText }) => measuredText),
  );
  const embed = (counts: readonly ShownRecording[], said: string, from: FeatureStart): Embedded =>
    embedPrefix(counts, said, { segmentRows, imageRows, from, parts });
  const counts = recordings.map(({ segments, images }) => ({
    segments: segments.length,
    images: images.length,
  }));
  const prefix = embed(counts, text, { segments: 0, images: 0 });
  const from = { segments: 0, images: 0 };
  const readings = counts.map((count, index): ReadingPrompt | undefined => {
    if (count.segments + count.images === 0) return undefined;
    const said = promptContext(ecgs[index]!.context ?? "", [recordings[index]!.measuredText]);
    const alone = counts.length === 1 ? prefix : embed([count], said, from);
    from.segments += count.segments;
    from.images += count.images;
    const place = count.segments > 0 ? "signal" : "picture";
    return { place, tokens: alone.ids.length, embeddings: alone.embeddings };
  });
  return { prefix, readings, evidence: { recordings, context: text, promptTokens: prefix.ids.length } };
}

/** What the tiles of a picture show of a recording; nothing is said of a page shown uncut. */
function shownTiles(tiles: readonly LeadTile[]): ShownTiles {
  const shown = tiles.filter(({ lead, missing }) => !missing && lead !== WHOLE_PAGE).map(({ lead }) => lead);
  const leads = shown.filter((lead) => lead !== RHYTHM_STRIP);
  return leads.length < shown.length ? { leads, rhythmStrip: true } : { leads };
}

type Embedded = { readonly ids: readonly number[]; readonly embeddings: Float32Array };
type FeatureStart = { readonly segments: number; readonly images: number };

/** The prompt before a question, of recordings whose features begin at `from`. */
function embedPrefix(
  counts: readonly ShownRecording[],
  text: string,
  rows: {
    readonly segmentRows: readonly Float32Array[];
    readonly imageRows: readonly Float32Array[];
    readonly from: FeatureStart;
    readonly parts: HeartcareModelParts;
  },
): Embedded {
  const { parts, from } = rows;
  const { config, session } = parts;
  const sizes = { vectorsPerSegment: vectorsPerSegment(config), vectorsPerImage: tilesPerImage(config) };
  return embedPlaces(promptPrefix(parts.tokenizer, parts.frame, counts, text, sizes), {
    segmentRows: rows.segmentRows.slice(from.segments),
    imageRows: rows.imageRows.slice(from.images),
    parts,
    width: session.config.hiddenSize,
  });
}

function embedPlaces(
  places: readonly PromptPlace[],
  options: {
    readonly segmentRows: readonly Float32Array[];
    readonly imageRows: readonly Float32Array[];
    readonly parts: HeartcareModelParts;
    readonly width: number;
  },
): { ids: number[]; embeddings: Float32Array } {
  const { segmentRows, imageRows, parts, width } = options;
  const { frame, session } = parts;
  // a feature's id is its marker's: sampling penalties and counts then see no unknown token
  const ids = places.map((place) =>
    place.kind === "token" ? place.id : place.kind === "segment" ? frame.sig : frame.img,
  );
  const embeddings = session.embed(ids);
  for (const [at, place] of places.entries()) {
    if (place.kind === "token") continue;
    const rows = (place.kind === "segment" ? segmentRows : imageRows)[place.index]!;
    embeddings.set(rows.subarray(place.vector * width, (place.vector + 1) * width), at * width);
  }
  return { ids, embeddings };
}

function patchesOf(
  tiles: readonly LeadTile[],
  { vision, preparation, config }: HeartcareModelParts,
): Float32Array {
  if (!vision || !preparation) return new Float32Array(0);
  const expected = tilesPerImage(config);
  if (tiles.length !== expected) {
    throw new EcgError(
      "SHAPE_MISMATCH",
      `show: expected ${expected} tiles of a picture, got ${tiles.length}`,
    );
  }
  return tilePatches(tiles, vision, preparation);
}
