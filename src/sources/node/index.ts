// What of sources/ needs Node: fetching public data sets.
export {
  type FetchDatasetOptions,
  type FetchPlan,
  type FetchSummary,
  fetchDataset,
  planFetch,
} from "./fetch-dataset.ts";
