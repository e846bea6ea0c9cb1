/** Devices of the home: sentences made of the names and rooms that `tools/registry` tells, answers by the tools of that. */
import type { ToolsRegistry } from '@hearth/contracts';
import type { Asked, Intent, IntentGroup } from './intent.ts';

export type KnownDevices = NonNullable<ToolsRegistry['devices']>;
type Kind = KnownDevices[number]['kind'];

const NO_DEVICE = 'I know of no such device yet.';
const NO_ANSWER = 'Sorry, your devices cannot be reached now.';
/** Devices have 3 s to react. Longer than this, and the tool worker itself is away. */
const TOOL_LIMIT_MS = 8_000;

/** Understood in every home, known devices or not. */
const AREAS = [
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
];
const LIGHTS = ['light', 'lights', 'lamp', 'lamps'];
const SWITCHED = [...LIGHTS, 'heater', 'heating', 'fan', 'television', 'radio', 'coffee machine'];
const COVERS = ['blinds', 'shutters', 'curtains'];
const IN_ROOM = '[in the {room:areas}]';

/** The more kinds of devices there are, the more can be said: a small grammar is heard better. */
export function deviceIntents(known: KnownDevices): IntentGroup {
  const named = (...kinds: readonly Kind[]) =>
    known
      .filter(({ kind, name }) => kinds.includes(kind) && isSayable(name))
      .map(({ name }) => name);
  const has = (...kinds: readonly Kind[]) => named(...kinds).length > 0;
  const measures = measuresOf(known);
  return {
    lists: {
      states: ['on', 'off'],
      areas: unique([
        ...AREAS,
        ...known.flatMap(({ area }) => (area && isSayable(area) ? [area] : [])),
      ]),
      devices: unique([...SWITCHED, ...named('light', 'switch', 'fan', 'climate')]),
      lights: unique([...LIGHTS, ...named('light')]),
      ...(has('cover') && { covers: unique([...COVERS, ...named('cover')]) }),
      ...(has('climate') && { thermostats: unique(['heating', ...named('climate')]) }),
      ...(has('scene') && { scenes: named('scene') }),
      ...(has('lock') && { locks: named('lock') }),
      ...(measures.length > 0 && { measures }),
      ...(known.length > 0 && {
        asked: unique([
          ...SWITCHED,
          ...named('light', 'switch', 'fan', 'cover', 'lock', 'binary_sensor'),
        ]),
      }),
    },
    intents: [
      ...lighting(known.length > 0),
      ...(has('cover') ? [covers] : []),
      ...(has('climate') ? [heating] : []),
      ...(has('scene') ? [scenes] : []),
      ...(has('lock') ? [locks, agreed] : []),
      ...(measures.length > 0 ? [measured(measures)] : []),
      ...(known.length > 0 ? [state] : []),
    ],
  };
}

/**
 * Addresses and serial numbers are no names: nobody says them, and they spoil what a recogniser hears. One word that an
 * English recogniser cannot pronounce would cost it the whole grammar; names in other scripts are understood when typed.
 */
function isSayable(name: string): boolean {
  return /^[a-z][a-z0-9' ]*$/.test(name) && !/\b(?=\w*\d)[0-9a-z]{5,}\b/.test(name);
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}

function measuresOf(known: KnownDevices): string[] {
  const classes = known.flatMap(({ kind, capabilities }) =>
    kind === 'sensor' || kind === 'climate' ? capabilities : [],
  );
  const spoken = classes.map((name) => name.replaceAll('_', ' '));
  return unique(spoken).filter((name) => isSayable(name) && name !== 'onoff');
}

function lighting(connected: boolean): Intent[] {
  return [
    {
      name: 'devices.switch',
      patterns: [
        `(turn|switch) {state:states} [all] [the] [{area:areas}] {device:devices} ${IN_ROOM}`,
        `(turn|switch) [all] [the] [{area:areas}] {device:devices} {state:states}`,
        '~ (turn|switch) {state:states} {name:*}',
        '~ (turn|switch) {name:*} {state:states}',
      ],
      answer: (asked) =>
        connected ? set(asked, { action: asked.slots['state'] ?? 'on' }) : NO_DEVICE,
    },
    {
      name: 'devices.brightness',
      patterns: [
        `(set|dim|turn) [the] [{area:areas}] {device:lights} ${IN_ROOM} to {level:number} percent`,
        '~ (set|turn) [the] brightness [of the [{area:areas}] {device:lights}] to {level:number} [percent|%]',
        '~ (set|dim|brighten|turn up|turn down) [the] [{area:areas}] {device:lights} [(to|by) {level:number} [percent|%]]',
      ],
      answer(asked) {
        if (Number(asked.slots['level'] ?? 0) > 100)
          return 'Brightness goes from 0 to 100 percent.';
        if (!connected) return NO_DEVICE;
        if (asked.slots['level'] === undefined)
          return 'Tell me how bright, for example: to fifty percent.';
        return set(asked, { action: 'brightness' });
      },
    },
  ];
}

const covers: Intent = {
  name: 'devices.cover',
  patterns: [
    `{action:(open|close)} [all] [the] [{area:areas}] {device:covers} ${IN_ROOM}`,
    `{action:(stop)} [the] [{area:areas}] {device:covers}`,
    `(set|open|close) [the] [{area:areas}] {device:covers} ${IN_ROOM} to {level:number} percent`,
  ],
  answer: (asked) => set(asked, { action: asked.slots['action'] ?? 'position' }),
};

const heating: Intent = {
  name: 'devices.temperature',
  patterns: [
    `set [the] [{area:areas}] {device:thermostats} ${IN_ROOM} to {level:number} [degrees]`,
    'set [the] temperature in the {room:areas} to {level:number} [degrees]',
  ],
  answer: (asked) =>
    set({ ...asked, slots: { device: 'thermostat', ...asked.slots } }, { action: 'temperature' }),
};

const scenes: Intent = {
  name: 'devices.scene',
  patterns: ['(activate|start|turn on) [the] [scene] {device:scenes} [scene]'],
  answer: (asked) => set(asked, { action: 'activate' }),
};

const locks: Intent = {
  name: 'devices.lock',
  patterns: ['{action:(lock|unlock)} [the] {device:locks}'],
  answer: (asked) => set(asked, { action: asked.slots['action'] ?? 'lock' }),
};

const QUESTION = /^Shall I unlock the (.+)\?$/;

/** The tool asks before it opens a door to anybody who can shout through a window. */
const agreed: Intent = {
  name: 'devices.agreed',
  patterns: ['yes [please]', 'yes unlock it', '~ (do it|yes do|sure|okay)'],
  async answer(asked) {
    const last = asked.history.findLast(({ role }) => role === 'assistant')?.text.trim() ?? '';
    const names = QUESTION.exec(last)?.[1]?.split(' and the ') ?? [];
    if (names.length === 0) return 'I have not asked you anything.';
    const answers = names.map((device) =>
      use(asked, 'devices_set', { device, action: 'unlock' }, { confirmed: true }),
    );
    return (await Promise.all(answers)).join(' ');
  },
};

const state: Intent = {
  name: 'devices.state',
  patterns: [
    `(is|are) [the] [{area:areas}] {device:asked} ${IN_ROOM} (on|off|open|closed|locked|unlocked)`,
    `~ (what is|how is) [the (state|status) of] [the] [{area:areas}] {device:asked} ${IN_ROOM}`,
  ],
  answer: (asked) => use(asked, 'devices_get', targetOf(asked)),
};

function measured(measures: readonly string[]): Intent {
  const warmth = measures.includes('temperature') ? [`how (warm|cold) is it ${IN_ROOM}`] : [];
  return {
    name: 'devices.measured',
    patterns: [
      `what is the {what:measures} ${IN_ROOM}`,
      '~ what is the [{area:areas}] {what:measures}',
      ...warmth,
    ],
    answer(asked) {
      const { device: _, ...target } = targetOf(asked);
      return use(asked, 'devices_get', { ...target, what: asked.slots['what'] ?? 'temperature' });
    },
  };
}

function set(asked: Asked, { action }: { action: string }): Promise<string> {
  const { level } = asked.slots;
  const value = level === undefined ? {} : { value: Number(level) };
  return use(asked, 'devices_set', { ...targetOf(asked), action, ...value });
}

function targetOf({ slots }: Asked): { device?: string; area?: string } {
  const device = slots['device'] ?? slots['name'];
  const area = slots['area'] ?? slots['room'];
  return { ...(device !== undefined && { device }), ...(area !== undefined && { area }) };
}

/** The tool's own words are the answer, of what went wrong as well. */
async function use(
  { tools }: Asked,
  name: string,
  args: Readonly<Record<string, unknown>>,
  options: { readonly confirmed?: boolean } = {},
): Promise<string> {
  try {
    const { content } = await tools.callTool(name, args, { timeoutMs: TOOL_LIMIT_MS, ...options });
    return content === '' ? NO_ANSWER : content;
  } catch {
    return NO_ANSWER;
  }
}
