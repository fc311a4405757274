// Small WFDB files for tests, byte by byte: format 16, one signal file, checksums right.

export type WfdbFileOptions = {
  /** Path without ending, e.g. `data/51`. */
  readonly path: string;
  readonly samplingRateHz?: number;
  readonly leads: readonly string[];
  /** Digital value of a sample; -32768 is a missing one. */
  readonly digital: (lead: number, sample: number) => number;
  readonly sampleCount?: number;
  readonly unitsPerMv?: number;
  readonly comments?: readonly string[];
};

/** Header and signal file by path, for a memory file store. */
export function buildWfdbFiles(options: WfdbFileOptions): Record<string, Uint8Array | string> {
  const { path, leads, digital, samplingRateHz = 500, sampleCount = 20, unitsPerMv = 1000 } = options;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const samples = new Int16Array(leads.length * sampleCount);
  const lines = leads.map((lead, index) => {
    let sum = 0;
    for (let t = 0; t < sampleCount; t++) {
      samples[t * leads.length + index] = digital(index, t);
      sum += digital(index, t);
    }
    const checksum = (sum << 16) >> 16;
    return `${name}.dat 16 ${unitsPerMv}/mV 16 0 ${digital(index, 0)} ${checksum} 0 ${lead}`;
  });
  const header = [
    `${name} ${leads.length} ${samplingRateHz} ${sampleCount}`,
    ...lines,
    ...(options.comments ?? []).map((comment) => `#${comment}`),
  ];
  return { [`${path}.hea`]: `${header.join("\n")}\n`, [`${path}.dat`]: new Uint8Array(samples.buffer) };
}

/** The twelve leads as PTB-XL and the Challenge 2025 spell them. */
export const FILE_LEADS: readonly string[] = "I II III AVR AVL AVF V1 V2 V3 V4 V5 V6".split(" ");

/** A different straight line in every lead: lead l, sample t -> 100 l + t digital units; lead V6 misses sample 3. */
export function lineWithGap(lead: number, sample: number): number {
  return lead === 11 && sample === 3 ? -32768 : 100 * lead + sample;
}
