// The SHA-256 of bytes as hex, by Web Crypto: the same in Node and in browsers.

/** Lower-case hex of the SHA-256 of `bytes`. The bytes are not modified. */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
