// Worker threads that run from TypeScript sources (through tsx) and from the built package alike. Node only.
import { Worker, type WorkerOptions } from "node:worker_threads";

/**
 * Start a module of ours as a worker thread.
 *
 * `module` is `new URL("./some-worker.ts", import.meta.url)`; the built package holds the same file as `.js`.
 * Node does not run `.ts` in a worker by itself, so there a line of JavaScript registers tsx first.
 */
export function startWorker(module: URL, options: WorkerOptions = {}): Worker {
  if (!import.meta.url.endsWith(".ts")) {
    return new Worker(new URL(module.href.replace(/\.ts$/, ".js")), options);
  }
  const tsx = JSON.stringify(import.meta.resolve("tsx/esm/api"));
  const bootstrap = `import(${tsx}).then(({ register }) => { register(); return import(${JSON.stringify(module.href)}); });`;
  return new Worker(bootstrap, { ...options, eval: true });
}
