// Runs several commands of the real program one after the other and prints what each wrote and its exit code as JSON.
// A process costs about a second; this way a test file pays for one. Usage: tsx run-commands.ts '[["record","inspect","x"], ...]'
import type { main as Main } from "../../src/cli/main.ts";
import type { CommandResult } from "./spawn-heartcare.ts";

type Write = typeof process.stdout.write;

const commands = JSON.parse(process.argv[2] ?? "[]") as string[][];
const results: CommandResult[] = [];
const original = {
  stdout: process.stdout.write.bind(process.stdout),
  stderr: process.stderr.write.bind(process.stderr),
};
const captured = { stdout: "", stderr: "" };

function capture(name: "stdout" | "stderr"): Write {
  const write = (chunk: string | Uint8Array): boolean => {
    captured[name] += typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
    return true;
  };
  return write as Write;
}

process.stdout.write = capture("stdout");
process.stderr.write = capture("stderr");
let main: typeof Main | undefined;
for (const args of commands) {
  captured.stdout = "";
  captured.stderr = "";
  process.exitCode = undefined;
  const argv = [process.argv[0] ?? "node", "heartcare", ...args];
  if (main) await main(argv);
  else {
    // The file runs the command line that it finds when it is loaded.
    process.argv = argv;
    main = (await import("../../src/cli/main.ts")).main;
  }
  results.push({ exitCode: Number(process.exitCode ?? 0), ...captured });
}
process.stdout.write = original.stdout;
process.stderr.write = original.stderr;
process.exitCode = 0;
process.stdout.write(JSON.stringify(results));
