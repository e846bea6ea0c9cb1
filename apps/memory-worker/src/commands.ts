/** What the memory can do from the command line, beside a running service or without one. */
import { readFile } from 'node:fs/promises';
import { forgetMemory, recall, siteIdSchema, storeMemory } from '@hearth/contracts';
import {
  type CommandContext,
  type CommandSpec,
  openEngine,
  type RunningEngine,
  UserError,
} from '@hearth/runtime';
import { z } from 'zod';
import { engineSpec, type Settings } from './config.ts';
import type { Entry, NewEntry, Store } from './engines/store.ts';
import { storeError } from './errors.ts';

type Command = CommandSpec<Settings>;
type Context = CommandContext<Settings>;

const EXPORT_PAGE = 1_000;
const IMPORT_BATCH = 500;

/** One line of an export; its id is not kept, because the store gives ids of its own. */
const lineSchema = z.object({
  id: z.number().optional(),
  role: z.enum(['user', 'assistant', 'fact']),
  text: z.string().min(1),
  ts: z.number().nonnegative(),
  siteId: z.string().optional(),
  turnId: z.string().optional(),
  speaker: z.string().optional(),
});

const store: Command = {
  name: 'store',
  args: '<text...>',
  about: 'keep a text',
  options: [
    { flags: '--role <role>', about: 'user, assistant or fact (default: fact)' },
    { flags: '--site <site>', about: 'the room it was said in' },
    { flags: '--turn <id>', about: 'the turn it belongs to' },
    { flags: '--speaker <name>', about: 'who said it' },
    { flags: '--at <time>', about: 'when it was said, e.g. 2026-11-21T09:30 (default: now)' },
  ],
  async run(context) {
    const { role = 'fact', speaker, ...origin } = read(flags, context.options);
    const { site: siteId, turn: turnId, at } = origin;
    const ts = at === undefined ? Date.now() : timeOf(at);
    const entry = { role, text: context.args.join(' '), ts, ...(speaker && { speaker }) };
    const { entries } = read(storeMemory.request.schema, { entries: [entry] });
    const ids = await withStore(context, (running) =>
      running.call(
        'store',
        entries.map((kept) => ({ ...kept, siteId, turnId })),
      ),
    );
    context.print(`Kept as ${ids.join(', ')}.`, { ids });
  },
};

const query: Command = {
  name: 'query',
  args: '<text...>',
  about: 'find what was said, best match first',
  options: [
    { flags: '--top <n>', about: 'at most so many (default: 5)' },
    { flags: '--role <roles>', about: 'only these, e.g. fact,user' },
    { flags: '--exclude-turn <id>', about: 'leave out this turn' },
    { flags: '--strategy <name>', about: 'hybrid (default), similarity or recent' },
    { flags: '--context <n>', about: 'so many utterances before and after each' },
  ],
  async run(context) {
    const { top, role, excludeTurn, strategy, context: around } = read(flags, context.options);
    const question = read(recall.request.schema, {
      text: context.args.join(' '),
      topK: top === undefined ? 5 : Number(top),
      ...(role !== undefined && { roles: role.split(',') }),
      ...(excludeTurn !== undefined && { excludeTurnId: excludeTurn }),
      ...(strategy !== undefined && { strategy }),
      ...(around !== undefined && { context: Number(around) }),
    });
    const passages = await withStore(context, (running) => running.call('query', question));
    context.print(passages.map(line).join('\n') || 'Nothing found.', { passages });
  },
};

const forget: Command = {
  name: 'forget',
  args: '[words...]',
  about: 'delete what holds all of these words, or by --id, --before or --all',
  options: [
    { flags: '--id <ids>', about: 'these entries, e.g. 3,17' },
    { flags: '--before <time>', about: 'everything said before, e.g. 2026-01-01' },
    { flags: '--all', about: 'everything' },
  ],
  async run(context) {
    const what = read(forgetMemory.request.schema, whatToForget(context));
    const { count } = await withStore(context, (running) => running.call('forget', what));
    context.print(count === 1 ? 'Forgot 1 entry.' : `Forgot ${count} entries.`, { count });
  },
};

const exportAll: Command = {
  name: 'export',
  args: '',
  about: 'print everything that is kept, one JSON object per line, in the order it was stored',
  async run(context) {
    const entries = await withStore(context, readAll);
    context.print(entries.map((entry) => JSON.stringify(entry)).join('\n'), { entries });
  },
};

const importFile: Command = {
  name: 'import',
  args: '<file>',
  about: 'keep what an export has written; what is kept already is not kept twice',
  async run(context) {
    const entries = await readLines(context.args[0] ?? '');
    const { added } = await withStore(context, async (running) => {
      const before = await running.call('count', undefined);
      for (let at = 0; at < entries.length; at += IMPORT_BATCH) {
        await running.call('store', entries.slice(at, at + IMPORT_BATCH));
      }
      return { added: (await running.call('count', undefined)) - before };
    });
    context.print(`Read ${entries.length} entries, ${added} of them new.`, {
      read: entries.length,
      added,
    });
  },
};

export const commands: readonly Command[] = [store, query, forget, exportAll, importFile];

const flags = z.object({
  role: z
    .string()
    .regex(/^(user|assistant|fact)(,(user|assistant|fact))*$/, '--role: user, assistant or fact')
    .optional(),
  site: siteIdSchema.optional(),
  turn: z.string().min(1).max(128).optional(),
  at: z.string().optional(),
  top: z
    .string()
    .regex(/^([1-9]|[1-4]\d|50)$/, '--top: a number from 1 to 50')
    .optional(),
  excludeTurn: z.string().min(1).max(128).optional(),
  strategy: z.string().optional(),
  context: z.string().optional(),
  speaker: z.string().min(1).max(128).optional(),
  id: z
    .string()
    .regex(/^\d{1,15}(,\d{1,15})*$/, '--id: numbers like 3,17')
    .optional(),
  before: z.string().optional(),
  all: z.boolean().optional(),
});

function whatToForget({ args, options }: Context): unknown {
  const { id, before, all } = read(flags, options);
  const ways = [
    ...(args.length > 0 ? [{ text: args.join(' ') }] : []),
    ...(id === undefined ? [] : [{ ids: id.split(',').map(Number) }]),
    ...(before === undefined ? [] : [{ before: timeOf(before) }]),
    ...(all ? [{ all: true }] : []),
  ];
  if (ways.length !== 1) {
    throw new UserError('BAD_ARGUMENTS', 'Say what to forget: words, --id, --before or --all.');
  }
  return ways[0];
}

async function withStore<T>(
  { settings, signal }: Context,
  work: (store: RunningEngine<Store>) => Promise<T>,
): Promise<T> {
  try {
    const running = await openEngine<Store>(engineSpec(settings), { signal });
    try {
      return await work(running);
    } finally {
      await running.close();
    }
  } catch (error) {
    const known = storeError(error);
    throw known ? new UserError(known.code, `${known.message}.`, { cause: error }) : error;
  }
}

/** All of the file is checked before any of it is kept. */
async function readLines(file: string): Promise<NewEntry[]> {
  const content = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError('BAD_ARGUMENTS', `${file} cannot be read.`, { cause });
  });
  return content.split('\n').flatMap((text, i) => {
    if (text.trim() === '') return [];
    const parsed = lineSchema.safeParse(parseJson(text));
    if (parsed.success) {
      const { id: _id, ...entry } = parsed.data;
      return [entry];
    }
    throw new UserError('BAD_ARGUMENTS', `${file}: line ${i + 1} is no entry of an export.`);
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readAll(running: RunningEngine<Store>): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (;;) {
    const afterId = entries.at(-1)?.id ?? 0;
    const page = await running.call('export', { afterId, limit: EXPORT_PAGE });
    entries.push(...page);
    if (page.length < EXPORT_PAGE) return entries;
  }
}

function read<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ message, path }) =>
    message.startsWith('--') ? message : `${path.join('.')}: ${message}`,
  );
  throw new UserError('BAD_ARGUMENTS', lines.join('\n'));
}

function timeOf(text: string): number {
  const ts = Date.parse(text);
  if (Number.isNaN(ts)) {
    throw new UserError('BAD_ARGUMENTS', `"${text}" is no time; write it like 2026-11-21T09:30.`);
  }
  return ts;
}

function line({ id, role, text, ts }: Entry): string {
  return `${String(id).padStart(6)}  ${new Date(ts).toISOString()}  ${role.padEnd(9)}  ${text}`;
}
