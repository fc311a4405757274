// heartcare beat export: a run's best checkpoint as a folder to ship, with a card that states its scores.
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Command } from "commander";
import {
  BEAT_CARD_FILE,
  BEAT_CONFIG_FILE,
  BEAT_MODEL_FILE,
  encodeBeat,
  readBeat,
} from "../../beat/beat-checkpoint.ts";
import { exportBeatDecoder, exportBeatEncoder } from "../../beat/beat-programs.ts";
import { resolveBeatFolder } from "../../beat/node/open-beat.ts";
import { diskFileStore } from "../../shared/disk-file-store.ts";
import { EcgError } from "../../shared/errors.ts";
import { writeFileAtomic } from "../../shared/write-file-atomic.ts";
import { SEEN_FILE } from "../../training/held-out.ts";
import { printJson, printLine } from "../print.ts";

type Flags = {
  readonly out: string;
  readonly dtype: string;
  readonly scores?: string[];
  readonly notes?: string;
  readonly onnx?: boolean;
  readonly json?: boolean;
};

/** Scores of `beat eval --json` that the card shows, with the words for them. */
const SHOWN_SCORES: readonly (readonly [string, string])[] = [
  ["segments", "segments"],
  ["mse", "reconstruction MSE (z-scored)"],
  ["prdPercent", "PRD, mean removed, %"],
  ["snrDb", "SNR, dB"],
  ["forecastMse", "forecast MSE, 2 s after 4 s"],
  ["zeroMse", "forecast baseline: zero"],
  ["persistenceMse", "forecast baseline: last cycle repeated"],
  ["scaledPersistenceMse", "forecast baseline: the same, scaled"],
  ["lVq", "L_VQ"],
  ["lTotal", "L_total (paper's weights)"],
];

/** Register the command. */
export function registerBeatExport(parent: Command): void {
  parent
    .command("export <run>")
    .description("write a run's best checkpoint as model.safetensors, config.json and a card")
    .requiredOption("--out <dir>", "folder to ship")
    .option("--dtype <type>", "f16 or f32", "f16")
    .option("--scores <files...>", "files printed by `beat eval --json`, for the card")
    .option("--notes <file>", "Markdown put at the end of the card")
    .option(
      "--onnx",
      "write encoder.onnx and decoder.onnx for one segment, too: standard operators, weights inside",
    )
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExample:\n  heartcare beat eval ptb-xl --json > test.json\n  heartcare beat export runs/beat --out models/beat-base --scores test.json",
    )
    .action(exportBeat);
}

async function exportBeat(run: string, flags: Flags): Promise<void> {
  const dtype = flags.dtype.toUpperCase();
  if (dtype !== "F16" && dtype !== "F32")
    throw new EcgError("USAGE", `--dtype: expected f16 or f32, got ${flags.dtype}`);
  const folder = resolveBeatFolder(run);
  const { config, store } = await readBeat(diskFileStore, folder);
  const { trained } = JSON.parse(await readFile(join(folder, BEAT_CONFIG_FILE), "utf8")) as {
    trained?: unknown;
  };
  const encoded = encodeBeat(config, store, { dtype, about: trained === undefined ? {} : { trained } });
  const card = await makeCard(folder, flags);
  await writeFileAtomic(join(flags.out, BEAT_MODEL_FILE), encoded.model);
  await writeFileAtomic(join(flags.out, BEAT_CONFIG_FILE), encoded.config);
  await writeFileAtomic(join(flags.out, BEAT_CARD_FILE), card);
  if (flags.onnx) {
    await writeFileAtomic(join(flags.out, "encoder.onnx"), exportBeatEncoder(config, store, 1));
    await writeFileAtomic(join(flags.out, "decoder.onnx"), exportBeatDecoder(config, store, 1));
  }
  const seen = await readFile(join(folder, SEEN_FILE)).catch(() => undefined);
  if (seen) await writeFileAtomic(join(flags.out, SEEN_FILE), seen);
  const result = { out: flags.out, dtype, bytes: encoded.model.length };
  if (flags.json) printJson(result);
  else printLine(`${flags.out}: ${(encoded.model.length / 1e6).toFixed(1)} MB (${dtype})`);
}

async function makeCard(folder: string, flags: Flags): Promise<string> {
  const parts = [(await readFile(join(folder, BEAT_CARD_FILE), "utf8")).trimEnd()];
  for (const path of flags.scores ?? []) {
    const scores = JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>;
    parts.push(
      `## Scores on held-out recordings: ${basename(path).replace(/\.json$/, "")}`,
      scoreTable(scores),
    );
  }
  if (flags.notes) parts.push((await readFile(flags.notes, "utf8")).trimEnd());
  return `${parts.join("\n\n")}\n`;
}

function scoreTable(scores: Readonly<Record<string, unknown>>): string {
  const rows = SHOWN_SCORES.flatMap(([key, words]) => {
    const value = scores[key];
    return typeof value === "number" ? [`| ${words} | ${Number(value.toFixed(4))} |`] : [];
  });
  const use = scores["codeUse"] as { core?: number; residual?: number } | undefined;
  if (use) rows.push(`| codes used, core / residual | ${percent(use.core)} / ${percent(use.residual)} |`);
  return ["| score | value |", "| --- | --- |", ...rows].join("\n");
}

function percent(share: number | undefined): string {
  return share === undefined ? "-" : `${(share * 100).toFixed(1)}%`;
}
