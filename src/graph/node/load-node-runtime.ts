// ONNX Runtime in Node: loaded on first use, so that everything without a model works without it.
import { EcgError } from "../../shared/errors.ts";
import { createOrtRuntime, KEEP_DUPLICATES, type OrtModule } from "../ort-session.ts";
import type { Runtime, SessionOptions } from "../runtime.ts";

const PACKAGE = "onnxruntime-node";

/**
 * The runtime over `onnxruntime-node`.
 * @throws EcgError MISSING_DEPENDENCY when the package or its native library is absent.
 */
export async function loadNodeRuntime(): Promise<Runtime> {
  const ort = await importOrt();
  return createOrtRuntime({
    ort: ort as unknown as OrtModule,
    name: PACKAGE,
    version: ort.env.versions.node ?? "unknown",
    sessionDefaults: nodeSessionOptions,
  });
}

async function importOrt(): Promise<typeof import("onnxruntime-node")> {
  try {
    return await import("onnxruntime-node");
  } catch (cause) {
    throw new EcgError(
      "MISSING_DEPENDENCY",
      `${PACKAGE}: expected the package to be installed, found no usable copy`,
      {
        hint: `run \`npm install ${PACKAGE}\` (set ONNXRUNTIME_NODE_INSTALL=skip to stay on the CPU library it brings)`,
        cause,
      },
    );
  }
}

function nodeSessionOptions(options: SessionOptions): Readonly<Record<string, unknown>> {
  const { executionProvider = "cpu", threads, spinning = false, profilePrefix } = options;
  return {
    executionProviders: [executionProvider],
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    interOpNumThreads: 1,
    graphOptimizationLevel: options.graphOptimization ?? "all",
    enableMemPattern: options.memoryPattern ?? false,
    enableCpuMemArena: options.memoryArena ?? true,
    logSeverityLevel: 4, // what fails is thrown; printing it too would only repeat it
    extra: {
      session: {
        set_denormal_as_zero: (options.denormalAsZero ?? true) ? "1" : "0",
        intra_op: { allow_spinning: spinning ? "1" : "0" },
      },
      ...(options.keepDuplicates ? KEEP_DUPLICATES : {}),
    },
    ...(profilePrefix === undefined ? {} : { enableProfiling: true, profileFilePrefix: profilePrefix }),
  };
}
