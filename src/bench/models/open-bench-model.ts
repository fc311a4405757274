// openBenchModel: a model of the benchmark by its name: a baseline, heartcare-nano or the folder of a model, and its variant.
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { basename, join } from "node:path";
import { HEARTCARE_FILE, PROJECTORS_FILE, VISION_FOLDER } from "../../model/dspa/heartcare-config.ts";
import { openHeartcare, resolveHeartcareFolder } from "../../model/dspa/node/open-heartcare.ts";
import { EcgError } from "../../shared/errors.ts";
import { BASELINE_NAMES, makeBaseline } from "../baselines/make-baseline.ts";
import type { BenchModel } from "../bench-model.ts";
import type { ShownInstead } from "../open-bench.ts";
import { type BenchVariant, splitVariant, variantOptions } from "./bench-variants.ts";
import { type HeartcareBenchOptions, heartcareBench } from "./heartcare-bench.ts";

/** The model that ships. */
export const SHIPPED_MODEL = "heartcare-nano";

export type OpenBenchModel = {
  readonly model: BenchModel;
  /** For `runBench`. */
  readonly shown: ShownInstead;
  dispose(): Promise<void>;
};

export type OpenBenchModelOptions = {
  /** For baselines, which learn from its train items. */
  readonly dataset: string;
  readonly seed: number;
  readonly variant?: BenchVariant | undefined;
  readonly threads?: number | undefined;
  readonly onChoice?: HeartcareBenchOptions["onChoice"];
};

/** Files that make up a model, by path in its folder; those that are there tell its version. */
const MODEL_FILES = [
  HEARTCARE_FILE,
  "config.json",
  "tokenizer.json",
  "model.safetensors",
  PROJECTORS_FILE,
  join(VISION_FOLDER, "model.safetensors"),
];

/**
 * Open `measured`, `heartcare-nano`, `heartcare-nano:blind`, `runs/nano` or `runs/nano:shuffled`. In logs a variant is
 * part of the model's name; the version of a folder is a hash of its weights, so that no run goes on with others.
 * @throws EcgError USAGE for two variants or one that the model does not have; as `openHeartcare` and `makeBaseline`.
 */
export async function openBenchModel(given: string, options: OpenBenchModelOptions): Promise<OpenBenchModel> {
  const named = splitVariant(given);
  if (named.variant && options.variant && named.variant !== options.variant) {
    throw new EcgError("USAGE", `model: expected one variant, got ${named.variant} and ${options.variant}`);
  }
  const variant = named.variant ?? options.variant ?? "plain";
  const { shown = {}, ...changes } = variantOptions(variant);
  const suffix = variant === "plain" ? "" : `:${variant}`;
  if ((BASELINE_NAMES as readonly string[]).includes(named.name)) {
    if (variant !== "plain" && variant !== "shuffled") {
      throw new EcgError("USAGE", `model: expected ${named.name} plain or shuffled, got ${variant}`);
    }
    const baseline = await makeBaseline(named.name, options.dataset, options.seed);
    return { model: { ...baseline, id: `${baseline.id}${suffix}` }, shown, dispose: async () => {} };
  }
  const shipped = named.name === SHIPPED_MODEL && !existsSync(named.name);
  if (!shipped && !existsSync(named.name)) {
    throw new EcgError(
      "USAGE",
      `model: expected ${BASELINE_NAMES.join(", ")}, ${SHIPPED_MODEL} or the folder of a model, got ${given}`,
    );
  }
  const folder = resolveHeartcareFolder(shipped ? undefined : named.name);
  const model = await openHeartcare(folder, { threads: options.threads });
  const name = shipped ? SHIPPED_MODEL : basename(named.name.replace(/\/+$/, ""));
  const version = await hashFiles(MODEL_FILES.map((file) => join(folder, file)));
  const { onChoice } = options;
  return {
    model: heartcareBench(model, {
      ...changes,
      id: `${name}${suffix}`,
      version,
      ...(onChoice ? { onChoice } : {}),
    }),
    shown,
    dispose: () => model.dispose(),
  };
}

/** First 12 hexadecimal digits of SHA-256 over the files that exist. */
async function hashFiles(paths: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of paths) {
    if (!existsSync(path)) continue;
    for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  }
  return hash.digest("hex").slice(0, 12);
}
