// loadWeights: fills a parameter store from a model folder, one tensor at a time. Frozen parameters take over the
// array that was read, so that weights are in memory once.
import type { ParameterStore } from "../../graph/parameter-store.ts";
import { loadStore } from "../../graph/store-file.ts";
import type { FileStore } from "../../shared/byte-source.ts";
import { findTensorNames, type NamingRule } from "./find-tensor-names.ts";
import { openWeights } from "./open-weights.ts";

export type LoadWeightsOptions = {
  /** What files call the tensors; see the rules of `find-tensor-names.ts`. */
  readonly rule: NamingRule;
  /** Which of the store's tensors to load. Default: all. */
  readonly includes?: (name: string) => boolean;
};

/**
 * Load a folder's weights into a store whose names are those of the reference. F16 and BF16 are widened.
 * @throws EcgError NOT_FOUND for missing files or tensors; SHAPE_MISMATCH naming the tensor, the expected shape
 * and the one found. Nothing is changed then.
 */
export async function loadWeights(
  store: ParameterStore,
  files: FileStore,
  folder: string,
  options: LoadWeightsOptions,
): Promise<void> {
  const file = await openWeights(files, folder);
  const fileName = findTensorNames(file, options.rule, folder);
  const { includes } = options;
  await loadStore(store, file, { fileName, ...(includes ? { includes } : {}) });
}
