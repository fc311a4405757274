// The heart of one recording: its beat templates, its P waves and its intervals, with every finding made visible.
import type { Rng } from "../../shared/rng.ts";
import { LEFT_ATRIAL_P_WAVE, LOW_ATRIAL_P_WAVE, SINUS_P_WAVE } from "./atrial-recipes.ts";
import {
  type AtrialTemplate,
  type BeatTemplate,
  type BodyTransform,
  compileAtrialWave,
  compileBeat,
  scaleBeat,
} from "./compile-beat.ts";
import type { SyntheticAnatomy } from "./draw-anatomy.ts";
import { findingCode, type SyntheticFinding } from "./finding-catalogue.ts";
import type { VentricularRecipe } from "./heart-wave.ts";
import { type BeatShape, measureBeatShape } from "./measure-beat-shape.ts";
import type { HeartRequest, SyntheticConduction } from "./resolve-findings.ts";
import type { AtrialActivation, BeatKind } from "./rhythm-plan.ts";
import { SHAPE_FINDINGS, type ShapeFinding } from "./shape-findings.ts";
import {
  LEFT_ANTERIOR_FASCICULAR_BEAT,
  LEFT_BUNDLE_BEAT,
  LEFT_VENTRICULAR_BEAT,
  NORMAL_BEAT,
  OUTFLOW_TRACT_BEAT,
  RIGHT_BUNDLE_AND_LEFT_ANTERIOR_BEAT,
  RIGHT_BUNDLE_BEAT,
  RIGHT_VENTRICULAR_APEX_BEAT,
} from "./ventricular-recipes.ts";

export type SyntheticHeart = {
  /** Shape of the beat that the conduction system makes, with the shape findings in it. */
  readonly conductedShape: BeatShape;
  /** The template of a kind of beat; compiled when first asked for. */
  readonly beatOf: (kind: BeatKind) => BeatTemplate;
  readonly pWaveOf: (kind: AtrialActivation["kind"]) => AtrialTemplate;
  readonly prSeconds: number;
  readonly qtcSeconds: number;
};

const RECIPES: Readonly<Record<SyntheticConduction, VentricularRecipe>> = {
  normal: NORMAL_BEAT,
  CRBBB: RIGHT_BUNDLE_BEAT,
  CLBBB: LEFT_BUNDLE_BEAT,
  LAFB: LEFT_ANTERIOR_FASCICULAR_BEAT,
  "CRBBB+LAFB": RIGHT_BUNDLE_AND_LEFT_ANTERIOR_BEAT,
};

/** QRS durations in seconds; normal conduction has the patient's own. */
const QRS_SECONDS: Readonly<Record<Exclude<SyntheticConduction, "normal">, readonly [number, number]>> = {
  CRBBB: [0.126, 0.156],
  CLBBB: [0.136, 0.17],
  LAFB: [0.096, 0.114],
  "CRBBB+LAFB": [0.128, 0.158],
};

const MAX_STRENGTHENING = 10;

/** Build the heart of a request for a patient. */
export function buildHeart(request: HeartRequest, anatomy: SyntheticAnatomy, rng: Rng): SyntheticHeart {
  const body = request.conduction === "normal" ? anatomy.body : lessTurned(anatomy.body);
  const conducted = buildConductedBeat(request, { anatomy, body, rng: rng.fork("conducted") });
  const compiled = new Map<BeatKind, BeatTemplate>();
  const pWaves = new Map<string, AtrialTemplate>();
  const intervals = rng.fork("intervals");
  return {
    conductedShape: measureBeatShape(conducted),
    beatOf: (kind) =>
      remember(compiled, kind, () => compileOther(kind, anatomy.body, rng.fork(kind)) ?? conducted),
    pWaveOf: (kind) => remember(pWaves, kind, () => compilePWave(kind, anatomy)),
    prSeconds: has(request, "1AVB") ? intervals.uniform(0.224, 0.31) : anatomy.prSeconds,
    qtcSeconds: has(request, "LNGQT") ? intervals.uniform(0.505, 0.565) : anatomy.qtcSeconds,
  };
}

function remember<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}

/** Beats that do not come down the conduction system; undefined for those that do. */
function compileOther(kind: BeatKind, body: BodyTransform, rng: Rng): BeatTemplate | undefined {
  const turned = lessTurned(body);
  const focus = body.jitter.fork("ectopic-focus");
  switch (kind) {
    case "ventricular-ectopic": {
      const recipe = focus.pick([
        OUTFLOW_TRACT_BEAT,
        OUTFLOW_TRACT_BEAT,
        LEFT_VENTRICULAR_BEAT,
        RIGHT_VENTRICULAR_APEX_BEAT,
      ]);
      return compileBeat(
        recipe,
        { ...turned, qrsGain: turned.qrsGain * focus.uniform(0.8, 1.1) },
        rng.uniform(0.132, 0.17),
      );
    }
    case "paced":
      return compileBeat(RIGHT_VENTRICULAR_APEX_BEAT, turned, rng.uniform(0.14, 0.178));
    case "ventricular-escape":
      return compileBeat(
        focus.pick([RIGHT_VENTRICULAR_APEX_BEAT, LEFT_VENTRICULAR_BEAT]),
        turned,
        rng.uniform(0.134, 0.168),
      );
    default:
      return undefined;
  }
}

function compilePWave(kind: AtrialActivation["kind"], { body, pSeconds }: SyntheticAnatomy): AtrialTemplate {
  if (kind === "sinus") return compileAtrialWave(SINUS_P_WAVE, body, pSeconds);
  const recipe = body.jitter.fork("atrial-focus").pick([LOW_ATRIAL_P_WAVE, LEFT_ATRIAL_P_WAVE]);
  return compileAtrialWave(recipe, body, pSeconds * 0.88);
}

/** QT of a beat after RR intervals that average `rrSeconds`: Fridericia, longer by most of a widened QRS. */
export function qtOf(heart: SyntheticHeart, beat: BeatTemplate, rrSeconds: number): number {
  const widened = 0.8 * Math.max(0, beat.qrsSeconds - 0.1);
  return heart.qtcSeconds * Math.cbrt(rrSeconds) + widened;
}

type ConductedOptions = {
  readonly anatomy: SyntheticAnatomy;
  readonly body: BodyTransform;
  readonly rng: Rng;
};

/**
 * Compile the conducted beat, strengthening each finding until it can be seen; where the patient's turned heart hides
 * one for good, the heart is turned back by steps.
 */
function buildConductedBeat(request: HeartRequest, options: ConductedOptions): BeatTemplate {
  const turned = strengthenFindings(request, options, options.body);
  if (turned.isVisible) return turned.beat;
  const half = lessTurned(options.body);
  const less = strengthenFindings(request, options, half);
  return less.isVisible ? less.beat : strengthenFindings(request, options, lessTurned(lessTurned(half))).beat;
}

function strengthenFindings(
  request: HeartRequest,
  { anatomy, rng }: ConductedOptions,
  body: BodyTransform,
): { readonly beat: BeatTemplate; readonly isVisible: boolean } {
  const findings = shapeFindings(request);
  const qrsSeconds = conductedQrsSeconds(request, anatomy, rng);
  const strengths = findings.map(([name]) =>
    rng.fork(name).uniform(1, name === request.conduction ? 1.1 : 1.35),
  );
  for (let round = 0; ; round++) {
    const recipe = findings.reduce(
      (changed, [, finding], index) => finding.change(changed, strengths[index]!),
      RECIPES[request.conduction],
    );
    const compiled = compileBeat(recipe, body, qrsSeconds);
    const beat = has(request, "LVOLT")
      ? toLowVoltage(compiled, rng.fork("voltage").uniform(0.3, 0.44))
      : compiled;
    const shape = measureBeatShape(beat);
    const faint = findings.flatMap(([, finding], index) => (finding.isVisible(shape) ? [] : [index]));
    if (faint.length === 0 || round === MAX_STRENGTHENING) return { beat, isVisible: faint.length === 0 };
    for (const index of faint) strengths[index]! *= 1.07;
  }
}

function shapeFindings(request: HeartRequest): readonly (readonly [SyntheticFinding, ShapeFinding])[] {
  return request.findings.flatMap((name) => {
    const finding = SHAPE_FINDINGS[name];
    return finding ? [[name, finding] as const] : [];
  });
}

function conductedQrsSeconds(request: HeartRequest, anatomy: SyntheticAnatomy, rng: Rng): number {
  if (request.conduction !== "normal") return rng.fork("qrs").uniform(...QRS_SECONDS[request.conduction]);
  const hypertrophy = has(request, "LVH") ? 0.007 : 0;
  const infarction = has(request, "QWAVE") ? 0.005 : 0;
  return Math.min(0.112, anatomy.qrsSeconds + hypertrophy + infarction);
}

/** Bring the limb leads to `limbMv` peak to peak, and the chest leads below 0.95 mV. */
function toLowVoltage(beat: BeatTemplate, limbMv: number): BeatTemplate {
  const shape = measureBeatShape(beat);
  return scaleBeat(beat, Math.min(limbMv / shape.limbMv, 0.93 / shape.chestMv), 0.6);
}

/** Abnormal activation follows the torso, but less than the whole turn of the patient's own axis. */
function lessTurned(body: BodyTransform): BodyTransform {
  return {
    ...body,
    frontalTurnDegrees: body.frontalTurnDegrees * 0.4,
    horizontalTurnDegrees: body.horizontalTurnDegrees * 0.5,
  };
}

function has(request: HeartRequest, code: string): boolean {
  return request.findings.some((finding) => findingCode(finding) === code);
}
