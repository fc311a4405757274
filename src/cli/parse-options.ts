// Option values of the command line, checked where they enter.
import { InvalidArgumentError } from "commander";

/** A whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text.trim()) || value < least) {
      throw new InvalidArgumentError(`expected a whole number of at least ${least}, got ${text}`);
    }
    return value;
  };
}

/** A finite number above `above` (or at least it, with `inclusive`). */
export function finiteNumber(above: number, inclusive = false): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value) || (inclusive ? value < above : value <= above)) {
      throw new InvalidArgumentError(
        `expected a number ${inclusive ? "of at least" : "above"} ${above}, got ${text}`,
      );
    }
    return value;
  };
}

/** A comma-separated list of names out of `allowed`. */
export function namesOf<Name extends string>(allowed: readonly Name[]): (text: string) => Name[] {
  return (text) =>
    text.split(",").map((part) => {
      const name = allowed.find((candidate) => candidate === part.trim());
      if (name === undefined)
        throw new InvalidArgumentError(`expected ${allowed.join(", ")}, got ${part.trim()}`);
      return name;
    });
}
