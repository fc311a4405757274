import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

type LockEntry = {
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly resolved?: string;
  readonly engines?: { readonly node?: string };
};

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const manifest = JSON.parse(read("package.json")) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  exports: Record<string, unknown>;
  engines: { node: string };
};
const lock = (JSON.parse(read("package-lock.json")) as { packages: Record<string, LockEntry> }).packages;

/** Whether Node 20.19.0 lies in a range made of `||` alternatives of `>=a`, `>a`, `^a`, `a.x` and `*`. */
function accepts2019(range: string): boolean {
  return range.split("||").some((alternative) =>
    alternative
      .trim()
      .replace(/([<>=^~]+)\s+/g, "$1")
      .split(/\s+(?=[<>=^~\d*])/)
      .every((part) => {
        const [, operator = "", major = "*", minor = "0"] =
          /^([<>=^~]*)\s*v?(\d+|\*)(?:\.(\d+|x))?/.exec(part.trim()) ?? [];
        if (major === "*") return true;
        const wanted = Number(major) * 1000 + (minor === "x" ? 0 : Number(minor));
        if (operator.startsWith(">")) return wanted <= 20_019;
        if (operator.startsWith("<")) return wanted > 20_019;
        return Number(major) === 20 && wanted <= 20_019;
      }),
  );
}

describe("the range reader of this test", () => {
  it.each([
    [">=20.19", true],
    [">= 10", true],
    ["^18.18.0 || ^20.9.0 || >=21.1.0", true],
    [">=22.12", false],
    ["^22.12.0 || ^24.0.0", false],
    [">=18 <20", false],
    ["*", true],
  ])("%s", (range, accepted) => {
    expect(accepts2019(range)).toBe(accepted);
  });
});

describe("the package", () => {
  it("runs on the oldest Node that it promises: so do all of its runtime dependencies", () => {
    expect(manifest.engines.node).toBe(">=20.19");
    const refusing = Object.entries(lock)
      .filter(([path, entry]) => path !== "" && !entry.dev && entry.engines?.node)
      .filter(([, entry]) => !accepts2019(entry.engines?.node ?? "*"))
      .map(([path, entry]) => `${path} wants ${entry.engines?.node}`);
    expect(refusing).toEqual([]);
  });

  it("pins every version and names no registry in the lock", () => {
    const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    expect(
      Object.entries(lock)
        .filter(([, entry]) => entry.resolved?.startsWith("http"))
        .map(([path]) => path),
    ).toEqual([]);
  });

  it("exports what it did: a change here is a change for users (CHANGELOG)", async () => {
    const frozen = JSON.parse(read("test/fixtures/package/exports.json")) as string[];
    const found = Object.keys(await import("../src/index.ts")).sort();
    expect(found).toEqual(frozen);
  });

  it("has a subpath for every stage that the root exports", () => {
    const stages = [...read("src/index.ts").matchAll(/from "\.\/(\w+)\/index\.ts"/g)].map(
      ([, stage]) => `./${stage}`,
    );
    expect(stages.length).toBeGreaterThan(5);
    expect(stages.filter((stage) => !(stage in manifest.exports))).toEqual([]);
  });
});
