// Copies what the built package reads beside its JavaScript: fonts of the page renderer.
import { cpSync } from "node:fs";

for (const folder of ["images/node/fonts"]) {
  cpSync(new URL(`../src/${folder}`, import.meta.url), new URL(`../dist/${folder}`, import.meta.url), {
    recursive: true,
  });
}
