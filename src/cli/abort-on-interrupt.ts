// Ctrl-C as an AbortSignal: the first asks for a clean stop, the second ends at once.
import { EcgError } from "../shared/errors.ts";
import { printNote } from "./print.ts";

/** One Ctrl-C reaches a command more than once where a launcher between it and the terminal passes signals on, too. */
const SAME_PRESS_MS = 500;

/** Run work that can be stopped; the handlers are removed afterwards. */
export async function withInterrupt<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let firstMs = 0;
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      if (performance.now() - firstMs < SAME_PRESS_MS) return;
      // by the signal itself: an orderly exit would wait for, or trip over, native work that is still under way
      removeHandlers();
      process.kill(process.pid, signal);
      return;
    }
    firstMs = performance.now();
    printNote("\nstopping; what is finished is kept (Ctrl-C again ends at once)");
    controller.abort(new EcgError("ABORTED", "stopped by the user", { hint: "go on later with --resume" }));
  };
  const removeHandlers = (): void => {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  try {
    return await work(controller.signal);
  } finally {
    removeHandlers();
  }
}
