// TokenConstraint: what an answer may look like, as `generateTokens` asks for it token by token.

/** One answer on its way. */
export type ConstraintReader = {
  /** Whether the answer may end here. */
  readonly complete: boolean;
  /** Whether it must: nothing may follow. */
  readonly ended: boolean;
  /**
   * Ids that may come next when at most `tokensLeft` follow, this one included: with them the answer can still be
   * finished, if it could before. End tokens are not among them.
   */
  allowed(tokensLeft: number): readonly number[];
  /** Go on by one token. @throws EcgError INVALID_OPTION for one that is not allowed. */
  accept(id: number): void;
};

/** A form that answers are held to. It has no state of its own and serves any number of answers. */
export type TokenConstraint = {
  begin(): ConstraintReader;
  /** Whether an answer is finished. */
  isComplete(ids: readonly number[]): boolean;
};

/**
 * The ids among which the next token is chosen: those of the constraint, with the end tokens where the answer may end,
 * cut down to `allowed` when given. Undefined for all.
 */
export function allowedByBoth(
  reader: ConstraintReader | undefined,
  tokensLeft: number,
  endTokenIds: readonly number[],
  allowed: readonly number[] | undefined,
): readonly number[] | undefined {
  if (!reader) return allowed;
  const next = reader.allowed(tokensLeft);
  const ids = reader.complete ? [...endTokenIds, ...next] : next;
  if (!allowed) return ids;
  const chosen = new Set(allowed);
  return ids.filter((id) => chosen.has(id));
}
