/** The first thing that a child says on its IPC channel. */
import type { z } from 'zod';
import type { Child } from './children.ts';
import { expectWithin, met } from './deadline.ts';

const LIMIT_MS = 20_000;

/** @throws Error when the child ends, or says nothing for 20 s */
export async function firstMessage<Shape>(
  { process }: Child,
  schema: z.ZodType<Shape>,
): Promise<Shape> {
  const message = expectWithin<unknown>(LIMIT_MS, () => 'a process says nothing');
  process.once('message', message.resolve);
  process.once('exit', () => message.reject(new Error('a process ended at its start')));
  return schema.parse(await met(message));
}
