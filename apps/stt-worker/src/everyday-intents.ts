/** The sentences of a house on defaults, for when nobody has published others yet. A test compares them with those of the built-in model. */
import { type Intents, intentsSchema } from '@hearth/contracts';
import json from './everyday-intents.json' with { type: 'json' };

export const everydayIntents: Intents = intentsSchema.parse(json);
