// ONNX Runtime in the browser (WebAssembly, or WebGPU on request): loaded on first use.
import { EcgError } from "../../shared/errors.ts";
import { createOrtRuntime, KEEP_DUPLICATES, type OrtModule } from "../ort-session.ts";
import type { Runtime, SessionOptions } from "../runtime.ts";

const PACKAGE = "onnxruntime-web";

export type WebRuntimeOptions = {
  /** Where the .wasm and .mjs files of the package are served from, with a trailing slash. Default: beside the bundle. */
  readonly wasmPaths?: string;
  /** WebAssembly threads; more than 1 needs a cross-origin isolated page. Default 1. */
  readonly threads?: number;
};

/**
 * The runtime over `onnxruntime-web`. It runs the same ONNX files as Node; outputs cannot be written into
 * given arrays there, so training stays in Node.
 * @throws EcgError MISSING_DEPENDENCY when the package is absent.
 */
export async function loadWebRuntime(options: WebRuntimeOptions = {}): Promise<Runtime> {
  const ort = await importOrt();
  if (options.wasmPaths !== undefined) ort.env.wasm.wasmPaths = options.wasmPaths;
  ort.env.wasm.numThreads = options.threads ?? 1;
  return createOrtRuntime({
    ort: ort as unknown as OrtModule,
    name: PACKAGE,
    version: ort.env.versions.web ?? "unknown",
    sessionDefaults: webSessionOptions,
  });
}

async function importOrt(): Promise<typeof import("onnxruntime-web")> {
  try {
    return await import("onnxruntime-web");
  } catch (cause) {
    throw new EcgError(
      "MISSING_DEPENDENCY",
      `${PACKAGE}: expected the package to be installed, found no usable copy`,
      {
        hint: `run \`npm install ${PACKAGE}\``,
        cause,
      },
    );
  }
}

function webSessionOptions(options: SessionOptions): Readonly<Record<string, unknown>> {
  const { executionProvider = "wasm", denormalAsZero = true } = options;
  return {
    executionProviders: [executionProvider === "cpu" ? "wasm" : executionProvider],
    graphOptimizationLevel: options.graphOptimization ?? "all",
    enableMemPattern: options.memoryPattern ?? false,
    enableCpuMemArena: options.memoryArena ?? true,
    logSeverityLevel: 4, // what fails is thrown; printing it too would only repeat it
    extra: {
      session: { set_denormal_as_zero: denormalAsZero ? "1" : "0" },
      ...(options.keepDuplicates ? KEEP_DUPLICATES : {}),
    },
  };
}
