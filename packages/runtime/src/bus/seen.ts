/** The last ids that were seen, so that a repeat is known as one. */

export interface Seen {
  /** True the first time. */
  first(id: string): boolean;
}

/** Remembers the last `limit` ids; older ones count as new again. */
export function createSeen(limit: number): Seen {
  const ids = new Set<string>();
  return {
    first(id) {
      if (ids.has(id)) return false;
      ids.add(id);
      if (ids.size > limit) {
        for (const oldest of ids) {
          ids.delete(oldest);
          break;
        }
      }
      return true;
    },
  };
}
