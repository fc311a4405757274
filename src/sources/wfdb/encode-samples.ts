// Turns digital samples into the bytes of a WFDB signal file; the inverse of decode-samples for what we write.
// Format: WFDB Applications Guide, signal(5).

/** Formats that can be written. */
export const WRITABLE_FORMATS = [16, 24, 32, 212] as const;
export type WritableFormat = (typeof WRITABLE_FORMATS)[number];

/** True for a code of {@link WRITABLE_FORMATS}. */
export function isWritableFormat(code: number | undefined): code is WritableFormat {
  return WRITABLE_FORMATS.some((format) => format === code);
}

/** Smallest and largest digital value of a format; the value below the smallest means "no valid sample". */
export function digitalRange(format: WritableFormat): { readonly least: number; readonly most: number } {
  const half = 2 ** ((format === 212 ? 12 : format) - 1);
  return { least: -half + 1, most: half - 1 };
}

/**
 * Bytes of interleaved samples, which lie in the format's range or are its invalid value. An odd last sample of
 * format 212 takes 2 bytes.
 */
export function encodeSamples(format: WritableFormat, samples: Int32Array): Uint8Array {
  return format === 212 ? encode212(samples) : encodeLittleEndian(samples, format / 8);
}

function encodeLittleEndian(samples: Int32Array, bytesPerSample: number): Uint8Array {
  const bytes = new Uint8Array(samples.length * bytesPerSample);
  let b = 0;
  for (let i = 0; i < samples.length; i++) {
    let rest = samples[i]!;
    for (let k = 0; k < bytesPerSample; k++, b++, rest >>= 8) bytes[b] = rest;
  }
  return bytes;
}

function encode212(samples: Int32Array): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(samples.length * 1.5));
  for (let i = 0, b = 0; i < samples.length; i += 2, b += 3) {
    const first = samples[i]!;
    const second = samples[i + 1] ?? 0;
    bytes[b] = first;
    bytes[b + 1] = ((first >> 8) & 0x0f) | ((second >> 4) & 0xf0);
    if (i + 1 < samples.length) bytes[b + 2] = second;
  }
  return bytes;
}
