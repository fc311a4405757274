// createRecentValues: values that cost much to make, the last few of which are asked for again.

/** Makes a value for a key, or gives the kept one. A failure is not kept. */
export type RecentValues<T> = (key: string, make: () => Promise<T>) => Promise<T>;

/** Keep the `size` values that were asked for last. */
export function createRecentValues<T>(size: number): RecentValues<T> {
  const kept = new Map<string, T>();
  return async (key, make) => {
    const value = kept.has(key) ? (kept.get(key) as T) : await make();
    // a map keeps the order of insertion: the first is the one that was not asked for the longest
    kept.delete(key);
    kept.set(key, value);
    const [oldest] = kept.keys();
    if (kept.size > size && oldest !== undefined) kept.delete(oldest);
    return value;
  };
}
