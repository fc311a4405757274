// Whether a run that is to be resumed is asked for with the settings that it began with.
import { EcgError } from "../shared/errors.ts";

/** How the work is done, not what comes of it but for the order of sums: a run may go on with more or fewer. */
const FREE = new Set(["threads"]);

/**
 * Compare settings as they are written to `config.json`; fields left out and `undefined` are the same.
 * @throws EcgError INVALID_OPTION naming the first field in which a run to be resumed was another one.
 */
export function checkSameSettings(expected: object, got: object, where: string): void {
  const [a, b] = [flatten(expected), flatten(got)];
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    if (FREE.has(name) || a.get(name) === b.get(name)) continue;
    throw new EcgError(
      "INVALID_OPTION",
      `${where}: ${name}: expected ${a.get(name)} as the run began, got ${b.get(name)}`,
      { hint: "resume with the same settings, or start another run" },
    );
  }
}

function flatten(value: unknown, path = ""): Map<string, unknown> {
  if (typeof value !== "object" || value === null) return new Map([[path, value]]);
  return new Map(
    Object.entries(value).flatMap(([key, child]) => [...flatten(child, path ? `${path}.${key}` : key)]),
  );
}
