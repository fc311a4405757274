// What a file is that no reader takes, in words for an error message. Magic numbers: file(1), each format's specification.

/** Bytes as characters of the same code, where they stand, and what they mean. */
const MAGIC: readonly (readonly [magic: string, at: number, kind: string])[] = [
  ["\x89HDF\r\n", 0, "HDF5"],
  ["MATLAB 5.0", 0, "a MATLAB v5 file"],
  ["%PDF", 0, "PDF"],
  ["DICM", 128, "DICOM"],
  ["\x89PNG", 0, "a PNG image"],
  ["\xff\xd8\xff", 0, "a JPEG image"],
  ["PK\x03\x04", 0, "a ZIP archive"],
  ["\x1f\x8b", 0, "a gzip file"],
  ["PAR1", 0, "Parquet"],
  ["RIFF", 0, "a RIFF file such as WAV"],
  ["0       ", 0, "EDF"],
  ["\xffBIOSEMI", 0, "BDF"],
  ["SCPECG", 14, "SCP-ECG"],
];

/** The kind of a file by its first 512 bytes and its name, or undefined for text that may be numbers. */
export function nameFileKind(head: Uint8Array, name: string): string | undefined {
  const text = String.fromCharCode(...head);
  const magic = MAGIC.find(([bytes, at]) => text.startsWith(bytes, at));
  if (magic) return magic[2];
  const start = text.replace(/^\xef\xbb\xbf/, "").trimStart();
  if (start.startsWith("<")) return "XML";
  if (start.startsWith("{") || start.startsWith("[")) return "JSON";
  if (!isBinary(head)) return undefined;
  return /\.(dat|mat)$/i.test(name) ? "WFDB signals without their header" : "a binary file of unknown kind";
}

function isBinary(head: Uint8Array): boolean {
  return head.some((byte) => byte === 0 || (byte < 32 && ![7, 8, 9, 10, 12, 13, 27].includes(byte)));
}
