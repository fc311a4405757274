// src/browser.ts as one file for a page, built by Vite; says what of Node it would have needed.
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Bundle into `outDir/browser.js`. Returns every node: or native module that got in, with who imports it. */
export async function bundleBrowser(outDir: string, entry = `${root}src/browser.ts`): Promise<string[]> {
  const intruders: string[] = [];
  await build({
    root,
    configFile: false,
    logLevel: "silent",
    plugins: [
      {
        name: "no-node",
        enforce: "pre",
        resolveId(id, importer) {
          if (!/^node:|^(onnxruntime-node|sharp|@napi-rs\/.*)$|\.node$/.test(id)) return null;
          intruders.push(`${id} in ${(importer ?? "?").replace(root, "")}`);
          return { id, external: true };
        },
      },
    ],
    build: {
      outDir,
      emptyOutDir: true,
      minify: false,
      target: "es2023",
      lib: { entry, formats: ["es"], fileName: () => "browser.js" },
    },
  });
  return intruders;
}
