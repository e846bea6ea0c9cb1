/** What every tool must do, wherever it comes from. A new tool's test is one call of this. */
import { ALLOWED_GAP_MS, loopGap } from '@hearth/runtime/testing';
import { describe, expect, it } from 'vitest';
import type { Tool, ToolUse } from './tool.ts';

export interface ToolSpecOptions {
  /** Arguments that it answers without an error. */
  readonly good: Readonly<Record<string, unknown>>;
  /** Arguments that break its schema. */
  readonly wrong: Readonly<Record<string, unknown>>;
}

export function toolSpec(name: string, create: () => Tool, { good, wrong }: ToolSpecOptions): void {
  describe(`tool: ${name}`, () => {
    it('has a name and a schema that language models accept', () => {
      const { name, schema, description } = create();
      expect(name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
      expect(description).not.toBe('');
      expect(schema).toMatchObject({ type: 'object' });
      expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
    });

    it('answers in words', async () => {
      const { content, isError } = await create().call(good, use());
      expect({ isError, empty: content === '' }).toEqual({ isError: false, empty: false });
    });

    it('says in a result that arguments are wrong, and does not repeat them', async () => {
      const { content, isError } = await create().call(wrong, use());
      expect(isError).toBe(true);
      expect(content).not.toBe('');
      expect(content).not.toContain('secret');
    });

    it('keeps calls at once apart', async () => {
      const tool = create();
      const calls = [good, wrong, good, wrong].map((args) => tool.call(args, use()));
      const answers = await Promise.all(calls);
      expect(answers.map(({ isError }) => isError)).toEqual([false, true, false, true]);
    });

    it('does not hold the event loop', async () => {
      const tool = create();
      await tool.call(good, use());
      const { gapMs } = await loopGap(() => tool.call(good, use()));
      expect(gapMs).toBeLessThan(ALLOWED_GAP_MS);
    });
  });
}

function use(): ToolUse {
  return { siteId: 'kitchen', confirmed: false, signal: AbortSignal.timeout(10_000) };
}
