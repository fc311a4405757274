// A protobuf reader: walks the fields of one message. Source: protobuf.dev, "Encoding".
import { EcgError } from "../../shared/errors.ts";

/** One field. `number` is set for varints, fixed32 and fixed64; `bytes` for length-delimited fields. */
export type ProtobufField = {
  readonly field: number;
  readonly number: bigint;
  readonly bytes: Uint8Array;
};

const NONE = new Uint8Array(0);

/**
 * The fields of a message in file order. Bytes are views, not copies.
 * @throws EcgError INVALID_FILE when a field does not end within the message.
 */
export function* readFields(message: Uint8Array, where = "protobuf"): Generator<ProtobufField> {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  let at = 0;
  const fail = (): EcgError =>
    new EcgError(
      "INVALID_FILE",
      `${where}: expected a field to end within ${message.length} bytes, got byte ${at}`,
      {
        hint: "the file is cut or no protobuf",
      },
    );
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) throw fail();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw fail();
  };
  const take = (length: number): number => {
    const start = at;
    at += length;
    if (at > message.length) throw fail();
    return start;
  };
  while (at < message.length) {
    const tag = Number(varint());
    const field = tag >>> 3;
    switch (tag & 7) {
      case 0:
        yield { field, number: varint(), bytes: NONE };
        break;
      case 1:
        yield { field, number: view.getBigUint64(take(8), true), bytes: NONE };
        break;
      case 2: {
        const length = Number(varint());
        const start = take(length);
        yield { field, number: 0n, bytes: message.subarray(start, start + length) };
        break;
      }
      case 5:
        yield { field, number: BigInt(view.getUint32(take(4), true)), bytes: NONE };
        break;
      default:
        throw fail();
    }
  }
}

/** A varint as a signed number (int64). */
export function signed(value: bigint): number {
  return Number(BigInt.asIntN(64, value));
}

/** A fixed32 as a float. */
export function float(value: bigint): number {
  const scratch = new DataView(new ArrayBuffer(4));
  scratch.setUint32(0, Number(value));
  return scratch.getFloat32(0);
}

export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
