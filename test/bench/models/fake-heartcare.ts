// A HeartcareModel without weights: keeps what it was shown and asked, chooses by a script.
import type { HeartcareModel, ShownEcg, ShownPrompt } from "../../../src/model/dspa/heartcare-model.ts";

export type FakeHeartcare = HeartcareModel & {
  /** By call of `show`. */
  readonly shown: { readonly ecgs: readonly ShownEcg[]; readonly context: string }[];
  readonly instructions: string[];
  readonly forecasts: { readonly seconds: number; readonly samples: number }[];
};

/** `pick` is the index of every closed answer; the vision encoder looks at tiles of 32 pixels. */
export function fakeHeartcare({
  pick = 0,
  vision = true,
}: {
  readonly pick?: number;
  readonly vision?: boolean;
} = {}): FakeHeartcare {
  const shown: FakeHeartcare["shown"] = [];
  const instructions: string[] = [];
  const forecasts: FakeHeartcare["forecasts"] = [];
  const fake = {
    id: "fake-heartcare",
    config: {
      formatVersion: 1,
      signal: { samplingRateHz: 250, leadCount: 12 },
      image: { segmentation: true, tileSeconds: 2.5, tileHeightMv: 4 },
      measuredText: true,
    },
    vision: vision ? { imageSize: 32 } : undefined,
    beat: {
      forecast: async (_record: unknown, seconds: number) => {
        const samples = Math.round(seconds * 250);
        forecasts.push({ seconds, samples });
        return { signal: { data: new Float32Array(12 * samples), leadCount: 12, sampleCount: samples } };
      },
    },
    shown,
    instructions,
    forecasts,
    show: async (ecgs: readonly ShownEcg[], context: string) => {
      shown.push({ ecgs, context });
      return { prefix: { ids: [shown.length], embeddings: new Float32Array(0) } } as unknown as ShownPrompt;
    },
    choose: async (_shown: ShownPrompt, instruction: string, options: readonly string[]) => {
      instructions.push(instruction);
      const shares = options.map((_, index) => (index === pick ? 0.7 : 0.1));
      return { text: `${"ABCD"[pick]}: ${options[pick]}`, index: pick, shares };
    },
    answer: async (_shown: ShownPrompt, instruction: string) => {
      instructions.push(instruction);
      return { text: " sinus rhythm ", tokenIds: [], logProbability: 0, reason: "end" };
    },
    dispose: async () => {},
  };
  return fake as unknown as FakeHeartcare;
}
