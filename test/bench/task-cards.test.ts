import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BENCH_TASKS } from "../../src/bench/tasks/index.ts";
import { TASKS } from "../../src/qa/qa-item.ts";

const card = (name: string): string =>
  readFileSync(new URL(`../../src/bench/tasks/${name}/README.md`, import.meta.url), "utf8");

describe("the tasks", () => {
  it("are the five of the dataset, each with a first metric", () => {
    expect(BENCH_TASKS.map(({ name }) => name).sort()).toEqual([...TASKS].sort());
    expect(BENCH_TASKS.map(({ metrics }) => metrics[0]?.name)).toEqual([
      "accuracy",
      "rougeL",
      "accuracy",
      "rougeL",
      "mse",
    ]);
  });

  it.each(BENCH_TASKS.map((task) => [task.name, task] as const))(
    "%s has a card of its version",
    (name, task) => {
      const text = card(name);
      expect(text).toContain(`| Version | ${task.version} |`);
      for (const heading of [
        "## Source and licence",
        "## Split",
        "## How it is scored",
        "## Baselines",
        "## Known limits",
      ])
        expect(text).toContain(heading);
      expect(text.startsWith(`# ${task.title}\n`)).toBe(true);
    },
  );
});
