// Recordings: the noun, its leads and statements, and the synthetic generator.
export { deriveLimbLeads } from "./derive-leads.ts";
export {
  durationSeconds,
  type EcgRecord,
  type Patient,
  type Provenance,
  type RecordIdentity,
  type Sex,
} from "./ecg-record.ts";
export { createLeadMatrix, type LeadMatrix, leadSamples, sliceSamples, stackLeads } from "./lead-matrix.ts";
export { canonicalLead, leadName, STANDARD_LEADS, type StandardLead } from "./lead-names.ts";
export {
  DIMENSIONS,
  type Dimension,
  type SourceLabel,
  type Statement,
  type StatementCode,
  type StatementKey,
  statementKey,
} from "./statement.ts";
export {
  listSyntheticFindings,
  type SynthesizeOptions,
  type SyntheticFinding,
  type SyntheticNoise,
  type SyntheticTruth,
  synthesizeEcg,
  synthesizeEcgWithTruth,
} from "./synthesize-ecg.ts";
