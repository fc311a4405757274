import { describe, expect, it } from "vitest";
import { splitVariant, variantOptions } from "../../../src/bench/models/bench-variants.ts";
import { openBenchModel } from "../../../src/bench/models/open-bench-model.ts";
import { createRecentValues } from "../../../src/bench/recent-values.ts";
import { parseBenchPage } from "../../../src/bench/render-page.ts";

const OPTIONS = { dataset: "/nowhere", seed: 1 };

describe("the name of a model", () => {
  it("ends in its variant, and a path with a colon is a path", () => {
    expect(splitVariant("heartcare-nano:blind")).toEqual({ name: "heartcare-nano", variant: "blind" });
    expect(splitVariant("runs/nano")).toEqual({ name: "runs/nano", variant: undefined });
    expect(splitVariant("c:/models/nano")).toEqual({ name: "c:/models/nano", variant: undefined });
  });

  it("decides what is shown", () => {
    expect(variantOptions("plain")).toEqual({});
    expect(variantOptions("blind")).toEqual({ withhold: "all" });
    expect(variantOptions("shuffled")).toEqual({ shown: { shuffleSeed: 1 } });
  });

  it("of a baseline may be shuffled, nothing else", async () => {
    const { model, shown } = await openBenchModel("measured:shuffled", OPTIONS);
    expect(model.id).toBe("measured:shuffled");
    expect(shown).toEqual({ shuffleSeed: 1 });
    await expect(openBenchModel("measured:blind", OPTIONS)).rejects.toMatchObject({ code: "USAGE" });
    await expect(openBenchModel("measured:shuffled", { ...OPTIONS, variant: "both" })).rejects.toMatchObject({
      code: "USAGE",
      message: "model: expected one variant, got shuffled and both",
    });
  });

  it("that is none says what there is", async () => {
    await expect(openBenchModel("no-such-model", OPTIONS)).rejects.toMatchObject({
      code: "USAGE",
      message: expect.stringContaining("heartcare-nano or the folder of a model, got no-such-model"),
    });
  });
});

describe("a page for --render", () => {
  it("is read word by word", () => {
    expect(parseBenchPage("12x1, cabrera, speed=50, gain=5, no-grid, dpi=150")).toEqual({
      name: "12x1,cabrera,speed=50,gain=5,no-grid,dpi=150",
      options: {
        layout: "12x1",
        limbOrder: "cabrera",
        speedMmPerSecond: 50,
        gainMmPerMv: 5,
        grid: "none",
      },
      dpi: 150,
    });
  });

  it.each(["5x5", "speed", "speed=fast", "dpi=-1", ""])("refuses %j", (text) => {
    expect(() => parseBenchPage(text)).toThrow(/^render: expected 3x4, 6x2/);
  });
});

describe("recent values", () => {
  it("are made again when others were asked for since, and after a failure", async () => {
    const recent = createRecentValues<string>(2);
    const made: string[] = [];
    const get = (key: string): Promise<string> => recent(key, async () => made[made.push(key) - 1]!);
    for (const key of ["a", "b", "a", "c", "a", "b"]) expect(await get(key)).toBe(key);
    expect(made).toEqual(["a", "b", "c", "b"]);
    await expect(recent("d", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await get("d")).toBe("d");
  });
});
