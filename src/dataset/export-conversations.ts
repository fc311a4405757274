// Items as fine-tuning conversations: ShareGPT and LLaVA JSON Lines.
import { join } from "node:path";
import type { QaItem, QaItemRecord } from "../qa/qa-item.ts";
import { toJsonLines } from "../shared/json-lines.ts";
import { writeFileAtomic } from "../shared/write-file-atomic.ts";
import { SPLITS } from "./assign-split.ts";
import type { DatasetRecord } from "./dataset-record.ts";
import { readDatasetRecords, readItems } from "./read-dataset.ts";

export const EXPORT_FORMATS = ["sharegpt", "llava"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Files that stand behind a question, relative to the dataset folder, in the order of its markers. */
type Attachments = {
  readonly images: string[];
  readonly signals: { path: string; window: QaItemRecord["window"] }[];
};

/**
 * One conversation.
 *
 * ShareGPT: `{ id, conversations: [{ from: "human" | "gpt", value }], images?, signals? }`. LLaVA: the same with
 * `image` (one path or a list) and `<image>` on a line of its own. Signals are marked `<sig>`, as in design 4.7.
 */
export function toConversation(
  item: QaItem,
  record: (recordId: string) => DatasetRecord | undefined,
  format: ExportFormat,
): Record<string, unknown> {
  const attachments = collectAttachments(item, record);
  const markers = item.records.map((entry) => (entry.modality === "signal" ? "<sig>" : "<image>"));
  const question = [...markers, [item.context, item.instruction].filter(Boolean).join(" ")].join("\n");
  const conversations = [
    { from: "human", value: question },
    { from: "gpt", value: item.answer },
  ];
  const signals = attachments.signals.length > 0 ? { signals: attachments.signals } : {};
  if (format === "sharegpt") {
    const images = attachments.images.length > 0 ? { images: attachments.images } : {};
    return { id: item.id, ...images, ...signals, conversations };
  }
  const [first, ...rest] = attachments.images;
  const image = first === undefined ? {} : { image: rest.length === 0 ? first : attachments.images };
  return { id: item.id, ...image, ...signals, conversations };
}

/** Write `<out>/<split>.jsonl` for a dataset folder. Returns the number of conversations a split. */
export async function exportConversations(
  folder: string,
  out: string,
  format: ExportFormat,
): Promise<Record<string, number>> {
  const records = new Map<string, DatasetRecord>();
  for await (const record of readDatasetRecords(folder)) records.set(record.identity.recordingId, record);
  const counts: Record<string, number> = {};
  for (const split of SPLITS) {
    const lines: unknown[] = [];
    for await (const { item } of readItems(folder, split)) {
      lines.push(toConversation(item, (id) => records.get(id), format));
    }
    await writeFileAtomic(join(out, `${split}.jsonl`), toJsonLines(lines));
    counts[split] = lines.length;
  }
  return counts;
}

function collectAttachments(item: QaItem, record: (id: string) => DatasetRecord | undefined): Attachments {
  const attachments: Attachments = { images: [], signals: [] };
  for (const entry of item.records) {
    const files = record(entry.recordId)?.files;
    if (!files) continue;
    if (entry.modality === "signal") attachments.signals.push({ path: files.signal, window: entry.window });
    else attachments.images.push(files.images[0]?.path ?? "");
  }
  return attachments;
}
