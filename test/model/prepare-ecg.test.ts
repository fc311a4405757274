// A recording prepared for a question is the recording that a dataset keeps of it: what models were trained on.
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildDataset } from "../../src/agent/build-dataset.ts";
import { askShippedModel, shippedModelFolder } from "../../src/cli/demo/ask-shipped-model.ts";
import { renderModelSection } from "../../src/cli/demo/render-model-section.ts";
import { qaRecordOf } from "../../src/dataset/qa-record-of.ts";
import { readDatasetRecords, readItems, readManifest, readSignal } from "../../src/dataset/read-dataset.ts";
import { preparedOfDataset, prepareEcg } from "../../src/model/dspa/prepare-ecg.ts";
import { showRecording } from "../../src/model/dspa/show-recording.ts";
import { itemContext } from "../../src/qa/tasks/item-parts.ts";
import { withOptions } from "../../src/qa/write-options.ts";
import { diskFileStore } from "../../src/shared/disk-file-store.ts";
import { openSource } from "../../src/sources/open-source.ts";
import { TINY_HEARTCARE, writeTinyHeartcare } from "./tiny-heartcare.ts";

const SOURCE = "synthetic:30:7";
let root = "";
let dataset = "";

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "heartcare-prepare-"));
  dataset = join(root, "dataset");
  await buildDataset([SOURCE], { out: dataset, seed: 7, workers: 1, images: false, audit: false });
}, 180_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** So few recordings make no quartet of closed questions: an open one becomes one. */
async function addClosedItem(): Promise<void> {
  for await (const { item } of readItems(dataset, "test")) {
    if (item.task !== "open-qa" || item.subset !== "S") continue;
    const options = ["Sinus rhythm", "Atrial fibrillation", "Atrial flutter", "Sinus tachycardia"];
    const instruction = withOptions("Which rhythm is it?", options);
    const closed = { ...item, task: "closed-qa", options, instruction, answer: "A: Sinus rhythm" };
    const shard = (await readManifest(dataset)).shards.find(({ split }) => split === "test")!;
    appendFileSync(join(dataset, shard.jsonl), `${JSON.stringify(closed)}\n`);
    return;
  }
  throw new Error("expected an open question on a test signal, found none");
}

describe("prepareEcg", () => {
  it("gives a dataset's signal, window, measurements and context", async () => {
    const source = await openSource(diskFileStore, SOURCE);
    const references = await source.list();
    let compared = 0;
    for await (const row of readDatasetRecords(dataset)) {
      if (compared === 5) break;
      const reference = references.find(({ id }) => row.identity.recordingId.endsWith(id))!;
      const fresh = prepareEcg(await source.read(reference), { toHz: 250 });
      const stored = preparedOfDataset(row, await readSignal(dataset, row));
      expect(fresh.cleaned.signal.data).toEqual(stored.cleaned.signal.data);
      expect(fresh.window).toEqual(stored.window);
      expect(JSON.parse(JSON.stringify(fresh.measurements))).toEqual(stored.measurements);
      expect(fresh.patient).toEqual(stored.patient);
      const reader = { id: "tiny", config: TINY_HEARTCARE, vision: undefined };
      const { context } = showRecording(reader, fresh);
      expect(context).toBe(itemContext(qaRecordOf(row), "signal", { seed: 0 }));
      compared++;
    }
    expect(compared).toBe(5);
  });
});

describe("the demo's look at the model that ships", () => {
  it("asks a closed question of a test recording and reports on it", async () => {
    await addClosedItem();
    const said = await askShippedModel(dataset, await writeTinyHeartcare());
    expect(said?.answer.kind).toBe("closed");
    expect(said?.answer.options).toHaveLength(4);
    expect(said?.report.id).toBe(said?.answer.evidence.recordings[0]?.id);
    const { html } = renderModelSection(said!);
    expect(html).toContain(`<span class="${said?.right ? "right" : "wrong"}">`);
    expect(html).toMatch(/<td>Heart rate<\/td><td class="num">\d+ bpm<\/td>/);
    expect(html.match(/<div/g)?.length).toBe(html.match(/<\/div>/g)?.length);
  });

  it("knows whether a model ships", () => {
    const folder = shippedModelFolder();
    expect(folder === undefined || folder.includes("heartcare-nano")).toBe(true);
  });
});
