/** Sums, for models that are bad at them. */
import { calculate } from '@hearth/core';
import { z } from 'zod';
import { failed, ownTool, said } from './own-tool.ts';
import type { Tool } from './tool.ts';

const PROBLEMS = {
  'division-by-zero': 'That would be a division by zero.',
  'no-real-number': 'No real number is the result of that.',
  'too-large': 'The result is too large.',
  'not-a-sum':
    'That is not a sum. Write, for example, (2 + 3) * 4, 20 percent of 50 or square root of 2.',
} as const;

export function calculatorTool(): Tool {
  return ownTool({
    name: 'calculate',
    description:
      'Works out a sum with + - * / ^ ( ), percent and square root, in signs or in words, e.g. "(2 + 3) * 4" or "20 percent of 50".',
    args: z.strictObject({ sum: z.string().min(1).max(500) }),
    run({ sum }) {
      const result = calculate(sum);
      if ('problem' in result) return failed(PROBLEMS[result.problem]);
      return said(String(result.value), { value: result.value });
    },
  });
}
