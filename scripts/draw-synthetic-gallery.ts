// Draws docs/synthetic/: a page of every finding and noise of the synthetic heart, and the README that shows them.
// Run: npx tsx scripts/draw-synthetic-gallery.ts
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { layoutPage } from "../src/images/build-page.ts";
import { displayListToSvg } from "../src/images/to-svg.ts";
import {
  listSyntheticFindings,
  type SynthesizeOptions,
  type SyntheticFinding,
  type SyntheticNoise,
  synthesizeEcg,
} from "../src/record/synthesize-ecg.ts";

const FOLDER = join(import.meta.dirname, "../docs/synthetic");
/** Enough for a line as wide as paper has, few enough points for a small file. */
const SAMPLING_RATE_HZ = 160;

type Picture = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly options: Pick<SynthesizeOptions, "seed" | "findings" | "noises">;
};

/** No picture may be larger. */
const MOST_BYTES = 60_000;

const NOISES: readonly { noise: SyntheticNoise; title: string; seed: number; description: string }[] = [
  {
    noise: "baseline-drift",
    title: "baseline-drift",
    seed: 200,
    description: "Breathing and sweating move the zero line of some electrodes.",
  },
  {
    noise: "burst-noise",
    title: "burst-noise",
    seed: 201,
    description: "Short bursts of movement and muscle noise.",
  },
  {
    noise: "static-noise",
    title: "static-noise",
    seed: 209,
    description: "Mains hum or muscle tremor all the time, here at a limb electrode.",
  },
  {
    noise: "electrode-problem",
    title: "electrode-problem: exchanged",
    seed: 203,
    description: "The two arm electrodes exchanged: lead I is upside down, II and III have changed places.",
  },
  {
    noise: "electrode-problem",
    title: "electrode-problem: contact",
    seed: 208,
    description: "One electrode with poor contact: noise, hum and jumps of the zero line.",
  },
];

function findingPictures(): Picture[] {
  const all = listSyntheticFindings();
  const bare = all.filter(({ finding }) => !all.some((other) => other.finding.startsWith(`${finding}:`)));
  const mixed: { finding: string; findings: SyntheticFinding[]; description: string }[] = [
    {
      finding: "CRBBB + LAFB",
      findings: ["CRBBB", "LAFB"],
      description: "Bifascicular block: right bundle and left anterior fascicle.",
    },
    {
      finding: "AFIB + PVC",
      findings: ["AFIB", "PVC"],
      description: "Atrial fibrillation with ventricular premature beats.",
    },
  ];
  return [...bare.map((info) => ({ ...info, findings: [info.finding] })), ...mixed].map((info, index) => ({
    name: fileName(info.finding),
    title: info.finding,
    description: info.description,
    options: { seed: 100 + index, findings: info.findings },
  }));
}

function noisePictures(): Picture[] {
  return NOISES.map(({ noise, title, seed, description }) => ({
    name: fileName(title),
    title,
    description,
    options: { seed, findings: ["SR"], noises: [noise] },
  }));
}

function fileName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}

async function draw(picture: Picture): Promise<string> {
  const record = synthesizeEcg({
    ...picture.options,
    samplingRateHz: SAMPLING_RATE_HZ,
    durationSeconds: 10,
    ambientNoiseMv: 0.003,
  });
  const page = layoutPage(record, { notice: "synthetic, not for diagnosis" });
  const file = `${picture.name}.svg`;
  const svg = displayListToSvg(page);
  await writeFile(join(FOLDER, file), svg);
  if (svg.length > MOST_BYTES)
    throw new Error(`${file}: expected at most ${MOST_BYTES} bytes, got ${svg.length}`);
  console.error(`${file} ${(svg.length / 1000).toFixed(0)} kB`);
  return [
    `### ${picture.title}`,
    "",
    picture.description,
    "",
    `> ${record.reportText}`,
    "",
    `![${picture.title}](${file})`,
    "",
  ].join("\n");
}

async function main(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  for (const file of await readdir(FOLDER)) if (file.endsWith(".svg")) await rm(join(FOLDER, file));
  const findings = await Promise.all(findingPictures().map(draw));
  const noises = await Promise.all(noisePictures().map(draw));
  const intro = [
    "# Synthetic ECGs",
    "",
    "What `synthesizeEcg` (src/record/synthesize-ecg.ts) draws for each finding and noise: one recording each, 25 mm/s,",
    "10 mm/mV, with the report that comes with it. Made by `npx tsx scripts/draw-synthetic-gallery.ts`.",
    "",
    "Every beat is a sequence of Gaussian waves of one heart vector in three dimensions (McSharry et al. 2003, Sameni",
    "et al. 2007), turned and scaled for the patient and projected to the leads by Dower's matrix, which a shift of the",
    "heart or of an electrode bends (`synthesize/lead-field.ts`). The normal beat was fitted to median beats of normal",
    "recordings of PTB-XL (Wagner et al. 2020, CC BY 4.0; training folds only); no recording is contained. A finding is",
    "made stronger until its textbook criterion is met, and what a patient is not labelled with is kept absent.",
    "",
    "Not real: beats change only with breathing and with the rate, there is no fusion and no aberrant conduction, and",
    "noise is simpler than life. A model that is good here has shown that it can read textbook ECGs, no more.",
    "",
  ].join("\n");
  const text = [intro, "## Findings\n", ...findings, "## Noises\n", ...noises].join("\n");
  await writeFile(join(FOLDER, "README.md"), text);
}

await main();
