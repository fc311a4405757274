// Recordings on disk, good ones and every kind of bad one, for the command line to meet.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { leadSamples } from "../../src/record/lead-matrix.ts";
import { synthesizeEcg } from "../../src/record/synthesize-ecg.ts";
import { buildWfdbFiles, FILE_LEADS } from "../sources/build-wfdb-files.ts";

type Files = Record<string, Uint8Array | string>;

/** Write the folders `good empty alone cut sum dx who mix` and `text` below `root`. */
export function writeRecordings(root: string): void {
  const put = (files: Files): void => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  };
  mkdirSync(join(root, "empty"));
  put(challengeFiles("good/E1"));
  put({ "alone/E1.hea": header("alone/E1") });
  put({ ...challengeFiles("cut/E1"), "cut/E1.dat": signal("cut/E1").subarray(0, 3000) });
  const damaged = Uint8Array.from(signal("sum/E1"));
  damaged[40] = 255 - (damaged[40] ?? 0);
  put({ ...challengeFiles("sum/E1"), "sum/E1.dat": damaged });
  put(challengeFiles("dx/E1", ["Dx: 426783006,AF"]));
  put(challengeFiles("who/E1", ["Age: 60", "Sex: Male", "Dx: 426783006,987654321"]));
  put({ ...challengeFiles("mix/E1"), "mix/E2.hea": header("mix/E2") });
  put({ "text/x.csv": "time,I,II\n0,0.1,0.2\n0.002,0.1,0.2\n0.004,0.1,0.2\n0.006,0.3,n.a.x\n" });
}

/** Ten seconds of sinus rhythm as a Challenge record. */
function challengeFiles(
  path: string,
  comments: readonly string[] = ["Age: 60", "Sex: Male", "Dx: 426783006"],
): Files {
  const digital = (lead: number, t: number): number =>
    Math.round(1000 * (leadSamples(ECG.signal, lead)[t] ?? 0));
  return buildWfdbFiles({ path, leads: FILE_LEADS, digital, sampleCount: ECG.signal.sampleCount, comments });
}

const ECG = synthesizeEcg({ seed: "cli", samplingRateHz: 500, durationSeconds: 10 });
const header = (path: string): string => String(challengeFiles(path)[`${path}.hea`]);
const signal = (path: string): Uint8Array => challengeFiles(path)[`${path}.dat`] as Uint8Array;
