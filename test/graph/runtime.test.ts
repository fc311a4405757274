import { describe, expect, it, vi } from "vitest";
import { compileInference } from "../../src/graph/compile-inference.ts";
import { createGraph, input } from "../../src/graph/graph.ts";
import { multiply } from "../../src/graph/ops/multiply.ts";
import type { SessionOptions } from "../../src/graph/runtime.ts";
import { testRuntime } from "./gradient-check.ts";

async function double(x: number, session: SessionOptions): Promise<number> {
  const graph = createGraph();
  const outputs = { y: multiply(input(graph, "x", []), 2) };
  const compiled = await compileInference({ runtime: await testRuntime(), outputs, session });
  const { y } = await compiled.run({ x: Float32Array.of(x) });
  await compiled.dispose();
  return Number(y!.data[0]);
}

describe("sessions", () => {
  it("treat denormal numbers as 0 and take the other options", async () => {
    expect(await double(1e-40, {})).toBe(0);
    expect(
      await double(3, { spinning: true, memoryPattern: true, graphOptimization: "disabled", threads: 1 }),
    ).toBe(6);
  });

  it("refuse an execution provider that the machine lacks", async () => {
    await expect(double(1, { executionProvider: "coreml" })).rejects.toMatchObject({
      code: "UNSUPPORTED_FORMAT",
      message: expect.stringContaining("coreml"),
    });
  });

  it("refuse arrays that do not hold their shape", async () => {
    const runtime = await testRuntime();
    expect(() => runtime.bind({ dtype: "float32", shape: [2, 2], data: new Float32Array(3) })).toThrow(
      "bind: expected 4 numbers for (2, 2), got 3",
    );
  });

  it("report name and version", async () => {
    const { name, version } = await testRuntime();
    expect(name).toBe("onnxruntime-node");
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe("without ONNX Runtime", () => {
  it("loading says what to install", async () => {
    vi.resetModules();
    vi.doMock("onnxruntime-node", () => {
      throw new Error("Cannot find package 'onnxruntime-node'");
    });
    vi.doMock("onnxruntime-web", () => {
      throw new Error("Cannot find package 'onnxruntime-web'");
    });
    const { loadNodeRuntime } = await import("../../src/graph/node/load-node-runtime.ts");
    const { loadWebRuntime } = await import("../../src/graph/web/load-web-runtime.ts");
    await expect(loadNodeRuntime()).rejects.toMatchObject({
      code: "MISSING_DEPENDENCY",
      message: "onnxruntime-node: expected the package to be installed, found no usable copy",
      hint: expect.stringContaining("npm install onnxruntime-node"),
    });
    await expect(loadWebRuntime()).rejects.toMatchObject({ code: "MISSING_DEPENDENCY" });
    vi.doUnmock("onnxruntime-node");
    vi.doUnmock("onnxruntime-web");
  });
});
