import { tmpdir } from "node:os";
import { beforeAll, describe, expect, it } from "vitest";
import { buildProgram } from "../../src/cli/program.ts";
import { type CommandResult, spawnHeartcare } from "./spawn-heartcare.ts";

/** Every command with its full name, e.g. `bench run`. */
const COMMANDS = buildProgram().commands.flatMap((group) =>
  group.commands.length === 0
    ? [{ name: group.name(), command: group }]
    : group.commands.map((command) => ({ name: `${group.name()} ${command.name()}`, command })),
);

let top: CommandResult | undefined;
let version: CommandResult | undefined;
let bare: CommandResult | undefined;

beforeAll(async () => {
  [top, version, bare] = await Promise.all([
    spawnHeartcare(["--help"], tmpdir()),
    spawnHeartcare(["--version"], tmpdir()),
    spawnHeartcare(["bench"], tmpdir()),
  ]);
}, 60_000);

/** The help as `--help` prints it, with what is added after it. */
function helpOf(command: (typeof COMMANDS)[number]["command"]): string {
  let text = "";
  command.configureOutput({ writeOut: (chunk) => (text += chunk) });
  command.outputHelp();
  return text;
}

describe("help", () => {
  it("lists every group, says that this is no medical device, and ends with 0", () => {
    expect(top?.exitCode).toBe(0);
    expect(top?.stderr).toBe("");
    for (const group of ["demo", "record", "signal", "image", "data", "beat", "model", "bench"])
      expect(top?.stdout).toMatch(new RegExp(`^  ${group} `, "m"));
    expect(top?.stdout.replace(/\s+/g, " ")).toContain("Not a medical device.");
  });

  it("the version is that of the package", () => {
    expect(version?.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(version?.exitCode).toBe(0);
  });

  it("a group without a verb is wrong usage and lists its verbs", () => {
    expect(bare?.exitCode).toBe(2);
    expect(bare?.stderr).toMatch(/^ {2}run /m);
  });

  it("knows the commands of the design", () => {
    const names = COMMANDS.map(({ name }) => name);
    for (const name of [
      "demo",
      "record inspect",
      "record convert",
      "signal clean",
      "signal measure",
      "image render",
      "image digitise",
      "data build",
      "data fetch",
      "data audit",
      "data stats",
      "data export",
      "model ask",
      "model report",
      "model chat",
      "model export",
      "bench list",
      "bench run",
      "bench score",
      "bench compare",
      "bench report",
    ])
      expect(names).toContain(name);
  });

  it.each(COMMANDS.map(({ name, command }) => [name, command] as const))(
    "%s shows an example that it would accept",
    (name, command) => {
      const text = helpOf(command);
      const examples = [...text.matchAll(/^ {2}heartcare (.+)$/gm)].map((match) => match[1] ?? "");
      // Another command may stand before it, as what makes its input.
      const own = examples.filter((example) => example.startsWith(name));
      expect(own.length).toBeGreaterThan(0);
      expect(command.description()).not.toBe("");
      for (const example of own) {
        const flags = [...example.matchAll(/ (--[a-z0-9-]+)/g)].map((match) => match[1]);
        for (const flag of flags) expect(command.options.map(({ long }) => long)).toContain(flag);
      }
    },
  );

  it.each(COMMANDS.map(({ name, command }) => [name, command] as const))(
    "%s can print JSON",
    (_, command) => {
      expect(command.options.map(({ long }) => long)).toContain("--json");
    },
  );
});
