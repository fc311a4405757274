import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeBeat } from "../../../src/beat/beat-checkpoint.ts";
import { loadBeat } from "../../../src/beat/tokenizer.ts";
import type { EcgRecord } from "../../../src/record/ecg-record.ts";
import { synthesizeEcg } from "../../../src/record/synthesize-ecg.ts";
import { createMemoryFileStore } from "../../../src/shared/memory-file-store.ts";
import { cleanRecord } from "../../../src/signal/clean-record.ts";
import { bundleBrowser } from "../../beat/bundle-browser.ts";
import { beatingSignal, recordOf, TINY_BEAT, tinyStore } from "../../beat/tiny-beat.ts";
import { testRuntime } from "../../graph/gradient-check.ts";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);
const ORT = fileURLToPath(new URL("../../../node_modules/onnxruntime-web/dist/", import.meta.url));
const SHIPPED = fileURLToPath(new URL("../../../models/beat-base/", import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** The bundle as a global of the page: `import()` inside evaluated code would be rewritten for tests. */
const PAGE = `<!doctype html><title>Beat</title><script type="module">
import * as heartcare from "/bundle/browser.js";
globalThis.heartcare = heartcare;
</script>`;

type Case = { readonly model: Uint8Array; readonly config: string; readonly record: EcgRecord };

type InBrowser = {
  readonly version: string;
  readonly core: number[][];
  readonly residual: number[][];
  readonly vectors: number[];
  readonly decoded: number[];
  readonly forecast: number[];
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "browser-"));
  await bundleBrowser(join(folder, "bundle"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(CHROMIUM === undefined)("Beat in Chromium", () => {
  let browser: Browser;
  let server: Server;
  beforeAll(async () => {
    server = await serve(folder);
    browser = await chromium.launch({ executablePath: CHROMIUM!, args: ["--no-sandbox", "--disable-gpu"] });
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it("encodes, decodes and forecasts with a small model as Node does, within 1e-4", async () => {
    const { model, config } = encodeBeat(TINY_BEAT, tinyStore());
    await checkAgainstNode({ model, config, record: recordOf(beatingSignal(450)) });
  });

  it.skipIf(!existsSync(SHIPPED))("does so with the model that ships", async () => {
    const record = synthesizeEcg({ seed: 5, heartRateBpm: 80, durationSeconds: 8, samplingRateHz: 250 });
    const model = await readFile(join(SHIPPED, "model.safetensors"));
    const config = await readFile(join(SHIPPED, "config.json"), "utf8");
    await checkAgainstNode({ model, config, record: cleanRecord(record, { toHz: 250 }).cleaned });
  });

  async function checkAgainstNode({ model, config, record }: Case): Promise<void> {
    await writeFile(join(folder, "model.safetensors"), model);
    await writeFile(join(folder, "config.json"), config);
    await writeFile(join(folder, "index.html"), PAGE);
    const files = createMemoryFileStore({ "m/model.safetensors": model, "m/config.json": config });
    const beat = await loadBeat("m", await testRuntime(), { files });
    const wanted = await beat.encode(record, { prepared: true });
    const decoded = await beat.decode(wanted);
    const forecast = await beat.forecast(record, 3, { prepared: true });
    await beat.dispose();

    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await page.goto(`${origin}/index.html`);
    await page.waitForFunction(() => "heartcare" in globalThis);
    const found = await page.evaluate(runInPage, { record: toPlain(record), seconds: 3, origin });
    expect(errors).toEqual([]);
    expect(found.core).toEqual(wanted.map(({ core }) => core));
    expect(found.residual).toEqual(wanted.map(({ residual }) => residual));
    expect(found.vectors).toBeAllClose(
      wanted.flatMap(({ vectors }) => [...vectors]),
      { atol: 1e-4 },
    );
    expect(found.decoded).toBeAllClose(decoded.signal.data, { atol: 1e-4 });
    expect(found.forecast).toBeAllClose(forecast.signal.data, { atol: 1e-4 });
    expect(found.version).toMatch(/^1\./);
    await page.close();
  }
});

/** Runs inside the page: no name of this file is there. */
async function runInPage(given: {
  record: PlainRecord;
  seconds: number;
  origin: string;
}): Promise<InBrowser> {
  const { record, seconds, origin } = given;
  const { heartcare } = globalThis as unknown as { heartcare: typeof import("../../../src/browser.ts") };
  const { createMemoryFileStore, loadBeat, loadWebRuntime } = heartcare;
  const fetchBytes = async (name: string): Promise<Uint8Array> =>
    new Uint8Array(await (await fetch(`/${name}`)).arrayBuffer());
  const files = createMemoryFileStore({
    "beat/model.safetensors": await fetchBytes("model.safetensors"),
    "beat/config.json": await fetchBytes("config.json"),
  });
  const runtime = await loadWebRuntime({ wasmPaths: `${origin}/ort/` });
  const beat = await loadBeat("beat", runtime, { files });
  const whole = { ...record, signal: { ...record.signal, data: Float32Array.from(record.signal.data) } };
  const segments = await beat.encode(whole, { prepared: true });
  const decoded = await beat.decode(segments);
  const forecast = await beat.forecast(whole, seconds, { prepared: true });
  return {
    version: runtime.version,
    core: segments.map(({ core }) => [...core]),
    residual: segments.map(({ residual }) => [...residual]),
    vectors: segments.flatMap(({ vectors }) => [...vectors]),
    decoded: [...decoded.signal.data],
    forecast: [...forecast.signal.data],
  };
}

type PlainRecord = Omit<EcgRecord, "signal"> & {
  readonly signal: {
    readonly data: readonly number[];
    readonly leadCount: number;
    readonly sampleCount: number;
  };
};

function toPlain(record: EcgRecord): PlainRecord {
  return { ...record, signal: { ...record.signal, data: [...record.signal.data] } };
}

function serve(root: string): Promise<Server> {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? "/", "http://x").pathname;
    const file = path.startsWith("/ort/") ? join(ORT, path.slice(5)) : join(root, path);
    try {
      const content = await readFile(file);
      response
        .writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" })
        .end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}
