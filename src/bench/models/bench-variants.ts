// The variants of a model that take something away or add something: what a difference to the plain one shows.
import type { ShownInstead } from "../open-bench.ts";
import type { HeartcareBenchOptions } from "./heartcare-bench.ts";

export const BENCH_VARIANTS = ["plain", "blind", "shuffled", "unmeasured", "text-alone", "both"] as const;
export type BenchVariant = (typeof BENCH_VARIANTS)[number];

/** In words, for help texts. */
export const VARIANT_HELP =
  "plain, blind (nothing is shown), shuffled (another patient's recording), unmeasured (no measured text), text-alone (by what is said alone, not by what is read), both (a signal as tiles as well)";

/** Seed of the exchange of recordings: one, so that models are shown the same wrong ones. */
const SHUFFLE_SEED = 1;

/** How a variant asks: options of the model, and what the runner shows. */
export function variantOptions(variant: BenchVariant): Pick<
  HeartcareBenchOptions,
  "withhold" | "withoutMeasured" | "textAlone" | "as"
> & {
  readonly shown?: ShownInstead;
} {
  switch (variant) {
    case "plain":
      return {};
    case "blind":
      return { withhold: "all" };
    case "shuffled":
      return { shown: { shuffleSeed: SHUFFLE_SEED } };
    case "unmeasured":
      return { withoutMeasured: true };
    case "text-alone":
      return { textAlone: true };
    case "both":
      return { as: "both" };
  }
}

/** `heartcare-nano:blind` is the variant blind of heartcare-nano; a name without a variant is plain. */
export function splitVariant(name: string): {
  readonly name: string;
  readonly variant: BenchVariant | undefined;
} {
  const at = name.lastIndexOf(":");
  const variant = BENCH_VARIANTS.find((candidate) => at > 0 && candidate === name.slice(at + 1));
  return variant === undefined ? { name, variant } : { name: name.slice(0, at), variant };
}
