// Ctrl-C as an AbortSignal: the first asks for a clean stop, the second ends at once.
import { EcgError } from "../shared/errors.ts";
import { printNote } from "./print.ts";

/** Run work that can be stopped; the handlers are removed afterwards. */
export async function withInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    printNote("\nstopping; what is finished is kept (Ctrl-C again ends at once)");
    controller.abort(new EcgError("ABORTED", "stopped by the user", { hint: "go on later with --resume" }));
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}
