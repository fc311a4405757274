// SHA-256 against the standard's examples and Node's own.
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { hashBytes } from "../../../src/record/synthesize/hash-signal.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("hashBytes", () => {
  it("gives the examples of FIPS 180-4", () => {
    expect(hashBytes(bytes("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(hashBytes(bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))).toBe(
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    );
    expect(hashBytes(bytes(""))).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it("agrees with node:crypto at every length around a block, and on a view into a larger buffer", () => {
    const source = Uint8Array.from({ length: 300 }, (_, i) => (i * 37 + 11) & 255);
    for (let length = 0; length <= 200; length++) {
      const part = source.subarray(7, 7 + length);
      expect(hashBytes(part)).toBe(createHash("sha256").update(part).digest("hex"));
    }
  });
});
