/** Calls of tools that wait for the user's word. It is the user who agrees, never the model. */
import type { ToolUse } from './engines/generator.ts';

/** After this nobody remembers what a "yes" is about. */
const WAIT_MS = 60_000;
/** Rooms; the one that asked first is forgotten first. */
const MAX_ROOMS = 100;

const AGREED =
  /^(?:yes|yeah|yep|sure|okay|ok|please|certainly|of course|go ahead|do it|do that|confirm|confirmed|correct|right)\b/i;
const REFUSED = /\b(?:no|not|don't|do not|never|stop|cancel|wait)\b/i;

interface Confirming {
  /** Whether the user has just agreed to this very call. */
  isAgreed(call: ToolUse): boolean;
  /** The user will be asked about this call. */
  expect(call: ToolUse): void;
}

export interface Confirmations {
  /** @param text what the user says in this turn; it takes up, or drops, what the room was asked before */
  inTurn(siteId: string | undefined, text: string): Confirming;
}

export function createConfirmations(now: () => number = Date.now): Confirmations {
  const waiting = new Map<string, { calls: Set<string>; at: number }>();
  return {
    inTurn(siteId = '', text) {
      const asked = waiting.get(siteId);
      waiting.delete(siteId);
      const agreed = isYes(text) && asked !== undefined && now() - asked.at <= WAIT_MS;
      const mayRun = new Set(agreed ? asked.calls : []);
      return {
        // Once: a call that is made twice is asked about twice.
        isAgreed: (call) => mayRun.delete(keyOf(call)),
        expect(call) {
          const calls = waiting.get(siteId)?.calls ?? new Set();
          waiting.delete(siteId);
          waiting.set(siteId, { calls: calls.add(keyOf(call)), at: now() });
          for (const oldest of waiting.keys()) {
            if (waiting.size <= MAX_ROOMS) break;
            waiting.delete(oldest);
          }
        },
      };
    },
  };
}

function isYes(text: string): boolean {
  return AGREED.test(text.trim()) && !REFUSED.test(text);
}

function keyOf({ name, arguments: args }: ToolUse): string {
  return JSON.stringify([name, sorted(args)]);
}

/** The same for the same arguments in any order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
