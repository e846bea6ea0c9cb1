/** OpenAI's own models. What is asked, and what is remembered for it, leaves the house. */
import { hostedSource } from './model-source.ts';

export const openai = hostedSource({
  name: 'openai',
  packageName: '@ai-sdk/openai',
  factory: 'createOpenAI',
});
