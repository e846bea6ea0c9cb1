/** The error that travels on the wire, in replies and in terminal states. */
import { z } from 'zod';

/** `code` is for programs and stays stable; `message` is for people and never repeats what was said. */
export const wireErrorSchema = z.strictObject({
  code: z.string().min(1).max(64),
  message: z.string().max(500),
});
export type WireError = z.infer<typeof wireErrorSchema>;

/** How a reply says that the request failed. */
export const errorReplySchema = z.strictObject({ error: wireErrorSchema });
