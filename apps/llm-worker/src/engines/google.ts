/** Google's own models. What is asked, and what is remembered for it, leaves the house. */
import { hostedSource } from './model-source.ts';

export const google = hostedSource({
  name: 'google',
  packageName: '@ai-sdk/google',
  factory: 'createGoogleGenerativeAI',
});
