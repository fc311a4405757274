// The version of this package, from the package.json beside the sources or the build.
import { readFileSync } from "node:fs";

/** e.g. "0.1.0". */
export function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return manifest.version;
}
