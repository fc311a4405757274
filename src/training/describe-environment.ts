// env.json of a run: what else the numbers depend on. Node only.
import { execFile } from "node:child_process";
import { cpus } from "node:os";
import { promisify } from "node:util";
import type { Runtime } from "../graph/runtime.ts";

export type Environment = {
  /** Commit of the sources, with `-dirty` when files differ from it; null outside a checkout. */
  readonly git: string | null;
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly runtime: string;
  readonly runtimeVersion: string;
  readonly seed: number | string;
  /** Threads inside one operator: losses repeat bit for bit for a fixed number. */
  readonly threads: number;
};

/** Look around. */
export async function describeEnvironment(
  runtime: Runtime,
  options: { readonly seed: number | string; readonly threads: number },
): Promise<Environment> {
  return {
    git: await describeCheckout(),
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    cpu: cpus()[0]?.model ?? "unknown",
    runtime: runtime.name,
    runtimeVersion: runtime.version,
    ...options,
  };
}

async function describeCheckout(): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("git", ["describe", "--always", "--dirty", "--abbrev=12"], {
      cwd: import.meta.dirname,
    });
    return stdout.trim();
  } catch {
    return null;
  }
}
