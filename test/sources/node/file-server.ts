// A local HTTP server with byte ranges that can be told to break off, lie or fail.
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Asked = { readonly path: string; readonly range: string | undefined; readonly encoding: string };

export type FileServer = {
  readonly url: string;
  readonly asked: Asked[];
  readonly files: Map<string, Uint8Array>;
  /** End the connection after this many bytes of a body, once `arrived` says that the file has so many, as often as said. */
  readonly breakOff: Map<
    string,
    { afterBytes: number; times: number; arrived: (sizeBytes: number) => boolean }
  >;
  /** Answer with a status, as often as said. */
  readonly fail: Map<string, { status: number; times: number }>;
  /** Answer ranges with the whole file. */
  ignoreRanges: boolean;
  close(): Promise<void>;
};

export const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** The list of checksums of files, as PhysioNet writes it. */
export function checksumListOf(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const lines = Object.entries(files).map(([name, bytes]) => `${sha256Of(bytes)} ${name}\n`);
  return new TextEncoder().encode(lines.join(""));
}

/** Serve files below `/`, on a free port of 127.0.0.1. */
export async function startFileServer(files: Readonly<Record<string, Uint8Array>>): Promise<FileServer> {
  const state: Omit<FileServer, "url" | "close"> = {
    asked: [],
    files: new Map(Object.entries(files)),
    breakOff: new Map(),
    fail: new Map(),
    ignoreRanges: false,
  };
  const server = createServer((request, response) => answer(request, response, state));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return Object.assign(state, { url, close });
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  state: Omit<FileServer, "url" | "close">,
): void {
  const path = decodeURIComponent((request.url ?? "/").slice(1));
  const { range, "accept-encoding": encoding } = request.headers;
  state.asked.push({ path, range, encoding: String(encoding) });
  const failing = state.fail.get(path);
  const bytes = state.files.get(path);
  if ((failing && failing.times-- > 0) || !bytes) {
    response.writeHead(bytes && failing ? failing.status : 404).end("no");
    return;
  }
  const from = range && !state.ignoreRanges ? Number(/^bytes=(\d+)-$/.exec(range)?.[1]) : 0;
  if (from > 0 && from >= bytes.length) {
    response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
    return;
  }
  const body = bytes.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, {
    "content-length": body.length,
    ...(from > 0 ? { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
  });
  const breaking = state.breakOff.get(path);
  if (breaking && breaking.times-- > 0) {
    response.write(body.subarray(0, breaking.afterBytes));
    const polling = setInterval(() => {
      if (!breaking.arrived(from + breaking.afterBytes)) return;
      clearInterval(polling);
      response.destroy();
    }, 5);
    return;
  }
  response.end(body);
}
