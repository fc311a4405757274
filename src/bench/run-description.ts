// run.json: which model was asked what of which dataset, enough to resume, rescore and compare.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { SPLITS, type Split } from "../dataset/assign-split.ts";
import { TASKS, type Task } from "../qa/qa-item.ts";
import { EcgError } from "../shared/errors.ts";
import type { Modality } from "./bench-model.ts";

/** What a run was made with: `run.json`. */
export type RunDescription = {
  model: { id: string; version: string };
  /** Folder as given; it may move. What was asked is fixed by `items`. */
  dataset: string;
  split: Split;
  tasks: Task[];
  modalities: Modality[];
  taskVersions: Record<string, number>;
  limit: number | null;
  seed: number;
  /** Items about made-up recordings were left out. */
  realOnly?: true | undefined;
  /** What was shown instead of the items' own recordings and the dataset's own pages. */
  shown?: { shuffleSeed?: number | undefined; page?: string | undefined } | undefined;
  /** Fingerprint and number of the asked items, answers included (`hashItems`). */
  items: { hash: string; count: number };
  /** Versions of Node and of the platform. */
  environment: { node: string; platform: string };
};

const runSchema: z.ZodType<RunDescription> = z.strictObject({
  model: z.strictObject({ id: z.string(), version: z.string() }),
  dataset: z.string(),
  split: z.enum(SPLITS),
  tasks: z.array(z.enum(TASKS)),
  modalities: z.array(z.enum(["signal", "image"])),
  taskVersions: z.record(z.string(), z.int()),
  limit: z.int().positive().nullable(),
  seed: z.int(),
  realOnly: z.literal(true).optional(),
  shown: z.strictObject({ shuffleSeed: z.int().optional(), page: z.string().optional() }).optional(),
  items: z.strictObject({ hash: z.string(), count: z.int().nonnegative() }),
  environment: z.strictObject({ node: z.string(), platform: z.string() }),
});

/** Read `run.json`. @throws EcgError NOT_FOUND when the folder holds no run, INVALID_FILE with its first bad field. */
export async function readRun(runFolder: string): Promise<RunDescription> {
  const run = await findRun(runFolder);
  if (run) return run;
  throw new EcgError("NOT_FOUND", `${runFolder}: expected a run with run.json, found none`, {
    hint: "make one with: heartcare bench run <dataset> --model <name> --out <dir>",
  });
}

/** As {@link readRun}; undefined when there is no `run.json`. */
export async function findRun(runFolder: string): Promise<RunDescription | undefined> {
  const path = join(runFolder, "run.json");
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed = runSchema.safeParse(parseJson(text, path));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new EcgError("INVALID_FILE", `${path}: ${issue?.path.join(".")}: ${issue?.message}`);
}

/**
 * Refuse a folder that another run or anything else lives in.
 * @throws EcgError INVALID_OPTION naming what differs.
 */
export async function requireRunFolder(
  runFolder: string,
  description: RunDescription,
  options: { readonly resume: boolean },
): Promise<void> {
  const earlier = await findRun(runFolder);
  if (earlier === undefined) {
    const others = await readdir(runFolder).catch(() => []);
    if (others.length === 0) return;
    throw new EcgError(
      "INVALID_OPTION",
      `${runFolder}: expected a new folder or a run, found ${others.length} other files, e.g. ${others.sort()[0]}`,
      { hint: "choose another --out" },
    );
  }
  if (!options.resume) {
    throw new EcgError(
      "INVALID_OPTION",
      `${runFolder}: expected a new folder, found a run of ${earlier.model.id}`,
      { hint: "go on with --resume or choose another --out" },
    );
  }
  for (const [name, was, is] of differences(earlier, description)) {
    throw new EcgError(
      "INVALID_OPTION",
      `${runFolder}: expected the run that is there to go on, found ${name} ${was} there and ${is} asked for`,
      { hint: "choose another --out, or give the options of the earlier run" },
    );
  }
}

/** What may not change between the halves of a run; the dataset's path may. */
function differences(earlier: RunDescription, now: RunDescription): (readonly [string, string, string])[] {
  const named = (run: RunDescription): Record<string, string> => ({
    model: `${run.model.id} ${run.model.version}`,
    split: run.split,
    tasks: run.tasks.join("+"),
    modalities: run.modalities.join("+"),
    limit: String(run.limit),
    seed: String(run.seed),
    "recordings and pages": `${run.realOnly ? "real " : ""}${JSON.stringify(run.shown ?? "as they are")}`,
    "task versions": JSON.stringify(run.taskVersions),
    items: `${run.items.count} (${run.items.hash})`,
  });
  const [before, after] = [named(earlier), named(now)];
  return Object.keys(before).flatMap((name) => {
    const [was, is] = [before[name] ?? "", after[name] ?? ""];
    return was === is ? [] : [[name, was, is] as const];
  });
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EcgError("INVALID_FILE", `${path}: expected JSON, found ${text.slice(0, 40)}`, { cause });
  }
}
