/** Anthropic's own models. What is asked, and what is remembered for it, leaves the house. */
import { hostedSource } from './model-source.ts';

export const anthropic = hostedSource({
  name: 'anthropic',
  packageName: '@ai-sdk/anthropic',
  factory: 'createAnthropic',
});
