// Dataset folders: splits, reading, audit, card, exports.
export { assignSplit, SPLIT_RULE, SPLITS, type Split } from "./assign-split.ts";
export { type AuditOptions, auditDataset } from "./audit/audit-dataset.ts";
export type { AuditReport, Finding, LeakKind } from "./audit/audit-report.ts";
export { countItems, type ItemStatistics } from "./count-items.ts";
export type { DatasetImage, DatasetRecord } from "./dataset-record.ts";
export { type ExportFormat, exportConversations, toConversation } from "./export-conversations.ts";
export type { DatasetManifest, ItemCount } from "./manifest.ts";
export { isDatasetFolder, readDatasetRecords, readItems, readManifest, readSignal } from "./read-dataset.ts";
export {
  measureTextLeak,
  type TextChoiceModel,
  type TextLeak,
  trainTextChoice,
} from "./train-text-choice.ts";
