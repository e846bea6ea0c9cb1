/** Devices of the home. None is connected yet: the sentences are understood, and the answer says so. */
import type { IntentGroup } from './intent.ts';

const NO_DEVICE = 'I know of no such device yet.';
const LAMP = '[the] [{area:areas}] (light|lights|lamp|lamps)';

export const devices: IntentGroup = {
  lists: {
    states: ['on', 'off'],
    areas: [
      'kitchen',
      'living room',
      'bedroom',
      'bathroom',
      'dining room',
      'hall',
      'office',
      'garage',
      'garden',
      'basement',
    ],
    devices: [
      'light',
      'lights',
      'lamp',
      'lamps',
      'heater',
      'heating',
      'fan',
      'television',
      'radio',
      'coffee machine',
    ],
  },
  intents: [
    {
      name: 'devices.switch',
      patterns: [
        '(turn|switch) {state:states} [the] [{area:areas}] {device:devices} [in the {room:areas}]',
        '(turn|switch) [the] [{area:areas}] {device:devices} {state:states}',
        '~ (turn|switch) {state:states} {name:*}',
        '~ (turn|switch) {name:*} {state:states}',
      ],
      answer: () => NO_DEVICE,
    },
    {
      name: 'devices.brightness',
      patterns: [
        `(set|dim|turn) ${LAMP} to {level:number} percent`,
        '~ (set|turn) [the] brightness [of the [{area:areas}] (light|lights|lamp|lamps)] to {level:number} [percent|%]',
        `~ (set|dim|brighten|turn up|turn down) ${LAMP} [(to|by) {level:number} [percent|%]]`,
      ],
      answer: ({ slots }) =>
        Number(slots['level'] ?? 0) > 100 ? 'Brightness goes from 0 to 100 percent.' : NO_DEVICE,
    },
  ],
};
