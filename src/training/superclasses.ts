// PTB-XL's five diagnostic superclasses of a recording, as its benchmark has them.
import { SUPERCLASSES, type Superclass } from "../labels/statement-definition.ts";
import { STATEMENTS } from "../labels/statement-table.ts";
import type { EcgRecord } from "../record/ecg-record.ts";

/** Superclass by SCP code and by subclass: tables of z-scored recordings name the latter. */
const SUPERCLASS_OF: ReadonlyMap<string, Superclass> = new Map(
  STATEMENTS.flatMap(({ code, superclass, subclass }): [string, Superclass][] => {
    if (code.system !== "scp" || superclass === undefined) return [];
    return [code.value, ...(subclass === undefined ? [] : [subclass])].map((name) => [
      bare(name),
      superclass,
    ]);
  }),
);

/**
 * Superclasses of everything stated, whatever its likelihood (Strodthoff et al. 2020: any listed code counts).
 * Null for a recording that is not PTB-XL's: there nobody looked for all five.
 */
export function superclassesOf(
  record: Pick<EcgRecord, "identity" | "statements" | "sourceLabels">,
): readonly Superclass[] | null {
  if (!record.identity.recordingId.startsWith("ptbxl:")) return null;
  const codes = [
    ...record.statements.filter(({ code }) => code.system === "scp").map(({ code }) => code.value),
    ...record.sourceLabels.filter(({ system }) => system === "scp").map(({ code }) => code),
  ];
  if (codes.length === 0) return null;
  const found = new Set(codes.flatMap((code) => SUPERCLASS_OF.get(bare(code)) ?? []));
  return SUPERCLASSES.filter((superclass) => found.has(superclass));
}

/** `ISC_`, `_AVB`: tables write them with and without the underscore. */
function bare(name: string): string {
  return name
    .trim()
    .replace(/^_+|_+$/g, "")
    .toUpperCase();
}
