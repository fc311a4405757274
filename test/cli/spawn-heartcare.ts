// The real command line as a child process: one command, or several in one process.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export type CommandResult = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** `heartcare <args>` in a process of its own. */
export function spawnHeartcare(args: readonly string[], cwd: string): Promise<CommandResult> {
  return runNode(file("../../src/cli/main.ts"), args, cwd);
}

/** Several commands, one after the other, in one process. */
export async function spawnCommands(
  commands: readonly (readonly string[])[],
  cwd: string,
): Promise<CommandResult[]> {
  const { stdout, stderr } = await runNode(file("./run-commands.ts"), [JSON.stringify(commands)], cwd);
  if (!stdout.startsWith("[")) throw new Error(`the commands ended early: ${stdout}${stderr}`);
  return JSON.parse(stdout) as CommandResult[];
}

function runNode(script: string, args: readonly string[], cwd: string): Promise<CommandResult> {
  const tsx = import.meta.resolve("tsx");
  const child = spawn(process.execPath, ["--import", tsx, script, ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8");
    child[name].on("data", (chunk: string) => {
      text[name] += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ exitCode: code ?? -1, ...text }));
  });
}
