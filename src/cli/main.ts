#!/usr/bin/env node
// The command `heartcare`: builds the program, runs it, and is the only place that catches.
import { CommanderError } from "commander";
import { EcgError } from "../shared/errors.ts";
import { printError } from "./print.ts";
import { buildProgram } from "./program.ts";

/** Run the command line; the exit code is 0 ok, 1 failed, 2 wrong usage. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await buildProgram().parseAsync([...argv]);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    if (!(error instanceof CommanderError)) printError(error, argv.includes("--debug"));
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (EcgError.isInstance(error) && (error.code === "USAGE" || error.code === "INVALID_OPTION")) return 2;
  return 1;
}

// `heartcare ... | head` closes our stdout early; that is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

await main(process.argv);
