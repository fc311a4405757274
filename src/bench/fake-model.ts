// A model for tests and first tries: answers from a script, fails on demand, counts what it was asked.
import { createLeadMatrix } from "../record/lead-matrix.ts";
import { EcgError } from "../shared/errors.ts";
import type { BenchAnswer, BenchModel, BenchQuestion, Modality } from "./bench-model.ts";
import { FORECAST_SAMPLES } from "./tasks/prediction/task.ts";

export type FakeModelOptions = {
  readonly id?: string;
  readonly tasks?: BenchModel["tasks"];
  readonly modalities?: readonly Modality[];
  /** The answer's text; an Error is thrown. Default: the first option, else the instruction itself. */
  readonly answer?: (question: BenchQuestion, asked: number) => string | Error;
};

/** A {@link BenchModel} with what it was asked, in order. A prediction is answered with a flat line at 0 mV. */
export type FakeModel = BenchModel & { readonly asked: readonly BenchQuestion[] };

/** Make one. Deterministic, no network, no clock. */
export function createFakeModel(options: FakeModelOptions = {}): FakeModel {
  const asked: BenchQuestion[] = [];
  const say = options.answer ?? (({ item }) => (item.options ? `A: ${item.options[0]}` : item.instruction));
  return {
    id: options.id ?? "fake",
    version: "1",
    tasks: options.tasks ?? ["closed-qa", "open-qa", "comparison-qa", "report", "prediction"],
    ...(options.modalities ? { modalities: options.modalities } : {}),
    asked,
    answer: async (question): Promise<BenchAnswer> => {
      asked.push(question);
      const said = say(question, asked.length);
      if (said instanceof Error) throw said;
      if (question.item.task !== "prediction") return { text: said };
      const [input] = question.inputs;
      if (!input)
        throw new EcgError("INVALID_OPTION", "fake model: expected a recording to forecast, got none");
      return { forecastMv: createLeadMatrix(input.record.leads.length, FORECAST_SAMPLES, 0) };
    },
  };
}
