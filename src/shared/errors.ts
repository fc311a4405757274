// The one error class of the suite: a closed code, one sentence with the values, a hint, the cause.

/** What kind of thing went wrong. Tests assert the code and the numbers in the message. */
export type EcgErrorCode =
  | "NOT_FOUND"
  | "INVALID_FILE"
  | "UNSUPPORTED_FORMAT"
  | "CHECKSUM_MISMATCH"
  | "INVALID_OPTION"
  | "INVALID_SIGNAL"
  | "MISSING_DEPENDENCY"
  | "WRITE_FAILED"
  | "SHAPE_MISMATCH"
  | "TRAINING_FAILED"
  | "LEAK_FOUND"
  | "REMOTE_FAILED"
  | "ABORTED"
  | "USAGE";

export type EcgErrorOptions = {
  /** What the reader can do about it, one short clause. */
  readonly hint?: string;
  /** The values of the sentence, for programs. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
};

/**
 * A failure with a message of the form `<where>: <expected>, <got>`.
 *
 * `code` is closed ({@link EcgErrorCode}); `hint` tells the reader what to do; `details` repeats the
 * values for programs. Bad external data is thrown as this class by the reader that met it.
 */
export class EcgError extends Error {
  readonly code: EcgErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: EcgErrorCode, message: string, options: EcgErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "EcgError";
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }

  /** True for errors of this class, also across two copies of the package. */
  static isInstance(value: unknown): value is EcgError {
    return value instanceof Error && value.name === "EcgError" && "code" in value;
  }
}

/** One readable line for any thrown value. */
export function errorMessage(value: unknown): string {
  return value instanceof Error ? value.message : String(value);
}
