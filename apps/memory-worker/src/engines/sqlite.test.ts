/** The SQLite store: what every store does, and what its file does. */
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Engine } from './sqlite.ts';
import { storeSpec } from './store-spec.ts';

let folder: string;
const open = new Set<Engine>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-memory-'));
});
afterEach(async () => {
  for (const engine of open) engine.close();
  open.clear();
  await rm(folder, { recursive: true });
});

storeSpec('sqlite', async () => ({ store: await load(), close: async () => {} }));

describe('the file', () => {
  it('is made with its folder, for its owner only, side files included', async () => {
    const engine = await load({ path: join(folder, 'a', 'b', 'memory.sqlite') });
    engine.store([said('hello')]);
    const names = await readdir(join(folder, 'a', 'b'));
    expect(names.toSorted()).toEqual(['memory.sqlite', 'memory.sqlite-shm', 'memory.sqlite-wal']);
    for (const name of names) {
      expect((await stat(join(folder, 'a', 'b', name))).mode & 0o777).toBe(0o600);
    }
    expect((await stat(join(folder, 'a'))).mode & 0o777).toBe(0o700);
  });

  it('keeps everything for the next start', async () => {
    (await load()).store([said('the boiler is in the cellar')]);
    closeAll();
    expect((await load()).query({ text: 'boiler', topK: 1 })).toHaveLength(1);
  });

  it.each([
    ['text', Buffer.from('this is a shopping list and no database at all, just text\n'.repeat(40))],
    [
      'a broken header',
      Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(4_080, 0xee)]),
    ],
  ])('is refused and left alone when it holds %s', async (_, content) => {
    await writeFile(pathOf(), content);
    await expect(load()).rejects.toMatchObject({
      code: expect.stringMatching(/^STORE_(FOREIGN|CORRUPT)$/),
    });
    expect(await readFile(pathOf())).toEqual(content);
  });

  it('is refused and left alone when it is the database of another program', async () => {
    const other = new DatabaseSync(pathOf());
    other.exec('CREATE TABLE bank (balance)');
    other.close();
    const before = await readFile(pathOf());
    await expect(load()).rejects.toMatchObject({ code: 'STORE_FOREIGN' });
    expect(await readFile(pathOf())).toEqual(before);
    expect(await readdir(folder)).toEqual(['memory.sqlite']);
  });

  it('is refused when a newer version wrote it', async () => {
    await load();
    closeAll();
    const newer = new DatabaseSync(pathOf());
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    await expect(load()).rejects.toMatchObject({ code: 'STORE_TOO_NEW' });
  });

  it('of an older version is brought up to date with all that is in it', async () => {
    const older = new DatabaseSync(pathOf());
    older.exec(VERSION_1);
    const insert = older.prepare('INSERT INTO entries (role, ts, text) VALUES (?, ?, ?)');
    insert.run('user', 1_000, 'where did I leave the ladder');
    insert.run('assistant', 2_000, 'It stands behind the shed.');
    insert.run('fact', 3_000, 'the bins go out on Monday');
    older.close();
    const engine = await load();
    expect(engine.count()).toBe(3);
    expect(engine.query({ text: 'ladder', topK: 5 }).map(({ id }) => id)).toEqual([2, 1]);
    expect(engine.query({ text: 'when do the bins go out', topK: 5 })[0]?.id).toBe(3);
    expect(engine.forget({ text: 'shed' })).toEqual({ count: 1 });
    expect(engine.query({ text: 'shed', topK: 5 })).toEqual([]);
  });

  it('is refused when pages are damaged', async () => {
    (await load()).store(Array.from({ length: 90 }, (_, i) => said(`${i} `.repeat(300), i)));
    closeAll();
    const bytes = await readFile(pathOf());
    bytes.fill(0xa5, 4_096 * 3, 4_096 * 12);
    await writeFile(pathOf(), bytes);
    await expect(load()).rejects.toMatchObject({ code: 'STORE_CORRUPT' });
    expect(await readFile(pathOf())).toEqual(bytes);
  });

  it('is refused when its place is a folder', async () => {
    await mkdir(pathOf());
    await expect(load()).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
  });

  it.runIf(existsSync('/proc/self'))('is refused when its folder cannot be made', async () => {
    await expect(load({ path: '/proc/hearth/memory.sqlite' })).rejects.toMatchObject({
      code: 'STORE_UNREACHABLE',
      message: expect.stringContaining('/proc/hearth/memory.sqlite'),
    });
  });

  it('says that it is full, stays whole, and takes entries again when there is room', async () => {
    const engine = await load({ maxMb: 0.3 });
    const fill = (i: number) => engine.store([said(`word${i} `.repeat(500), i)]);
    expect(() => {
      for (let i = 0; i < 1_000; i++) fill(i);
    }).toThrow(expect.objectContaining({ code: 'STORE_FULL' }));
    expect(engine.query({ text: 'word0', topK: 1 })).toHaveLength(1);
    engine.forget({ all: true });
    expect(fill(2_000)).toHaveLength(1);
  });

  it('holds nothing of what was forgotten', async () => {
    const engine = await load();
    const secrets = Array.from({ length: 300 }, (_, i) =>
      said(`zanzibar secret${i} `.repeat(9), i),
    );
    const [keep] = engine.store([said('harmless', 5_000)]);
    engine.store(secrets.slice(0, 150));
    engine.store(secrets.slice(150));
    expect(await holds('zanzibar')).toBe(true);
    expect(engine.forget({ text: 'zanzibar' }).count).toBe(300);
    expect(await holds('zanzibar')).toBe(false);
    expect(await holds('secret17')).toBe(false);
    expect(engine.query({ text: 'harmless', topK: 1 })[0]?.id).toBe(keep);
    expect((await stat(pathOf())).size).toBeLessThan(100_000);
  });

  it('holds nothing of a single entry that was forgotten among many', async () => {
    const engine = await load();
    engine.store(Array.from({ length: 300 }, (_, i) => said(`harmless ${i}`, i)));
    engine.store([said('the zanzibar plan')]);
    expect(engine.forget({ text: 'zanzibar' }).count).toBe(1);
    expect(await holds('zanzibar')).toBe(false);
    engine.store([said('new plan', 5_000)]);
    expect(engine.forget({ text: 'plan' }).count).toBe(1);
    expect(engine.query({ text: 'harmless 17', topK: 1 })[0]?.text).toBe('harmless 17');
  });

  it('takes entries of two processes at once', async () => {
    const service = await load();
    const cli = await load();
    for (let i = 0; i < 50; i++) {
      service.store([said(`from the service ${i}`, i)]);
      cli.store([said(`by hand ${i}`, i)]);
    }
    expect([service.count(), cli.count()]).toEqual([100, 100]);
  });

  it('says that another process keeps it locked', async () => {
    const engine = await load({ busyTimeoutMs: 10 });
    const other = new DatabaseSync(pathOf());
    other.exec('BEGIN IMMEDIATE');
    expect(() => engine.store([said('hello')])).toThrow(
      expect.objectContaining({ code: 'STORE_BUSY' }),
    );
    expect(engine.query({ text: 'hello', topK: 1 })).toEqual([]);
    other.exec('ROLLBACK');
    other.close();
    expect(engine.store([said('hello')])).toHaveLength(1);
  });

  it('is made again when it is deleted in use, and used when it is replaced', async () => {
    const engine = await load();
    engine.store([said('stale')]);
    await Promise.all(['', '-wal', '-shm'].map((end) => rm(pathOf() + end)));
    engine.store([said('fresh start')]);
    expect((await load()).query({ text: 'fresh', topK: 1 })).toHaveLength(1);

    const backup = await load({ path: join(folder, 'backup.sqlite') });
    backup.store([said('one'), said('two'), said('three')]);
    backup.close();
    await Promise.all(['-wal', '-shm'].map((end) => rm(pathOf() + end)));
    await rename(join(folder, 'backup.sqlite'), pathOf());
    expect(engine.count()).toBe(3);

    await Promise.all(['-wal', '-shm'].map((end) => rm(pathOf() + end)));
    await writeFile(join(folder, 'text'), 'no database');
    await rename(join(folder, 'text'), pathOf());
    expect(() => engine.store([said('lost')])).toThrow(/not a database/);
    expect(await readFile(pathOf(), 'utf8')).toBe('no database');
  });

  it('can be copied while it is in use', async () => {
    const engine = await load();
    engine.store([said('hello')]);
    const copy = join(folder, 'copy.sqlite');
    await copyFile(pathOf(), copy);
    await copyFile(`${pathOf()}-wal`, `${copy}-wal`);
    await chmod(copy, 0o600);
    expect((await load({ path: copy })).count()).toBe(1);
  });
});

describe('errors', () => {
  it('never repeat what was said', async () => {
    const engine = await load();
    const bad = said('my secret word', Number.NaN);
    expect(() => engine.store([bad])).toThrow(/^(?!.*secret).*SQLite/);
  });
});

function pathOf(): string {
  return join(folder, 'memory.sqlite');
}

async function load(options: { path?: string; maxMb?: number; busyTimeoutMs?: number } = {}) {
  const engine = new Engine({ path: pathOf(), maxMb: 100, busyTimeoutMs: 2_000, ...options });
  await engine.load();
  open.add(engine);
  return engine;
}

function closeAll(): void {
  for (const engine of open) engine.close();
  open.clear();
}

async function holds(word: string): Promise<boolean> {
  const files = await readdir(folder);
  const contents = await Promise.all(files.map((name) => readFile(join(folder, name))));
  return contents.some((content) => content.includes(word));
}

function said(text: string, ts = 1) {
  return { role: 'user' as const, text, ts };
}

/** What the first version wrote. */
const VERSION_1 = `
  CREATE TABLE entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    role TEXT NOT NULL CHECK (role IN ('user', 'assistant', 'fact')),
    ts REAL NOT NULL, site_id TEXT, turn_id TEXT, text TEXT NOT NULL
  ) STRICT;
  CREATE INDEX entries_by_turn ON entries (turn_id, ts);
  CREATE INDEX entries_by_time ON entries (ts);
  CREATE VIRTUAL TABLE entries_fts USING fts5 (
    text, content = 'entries', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2'
  );
  INSERT INTO entries_fts (entries_fts, rank) VALUES ('secure-delete', 1);
  CREATE TRIGGER entries_added AFTER INSERT ON entries BEGIN
    INSERT INTO entries_fts (rowid, text) VALUES (new.id, new.text);
  END;
  CREATE TRIGGER entries_removed AFTER DELETE ON entries BEGIN
    INSERT INTO entries_fts (entries_fts, rowid, text) VALUES ('delete', old.id, old.text);
  END;
  PRAGMA application_id = 0x48525448;
  PRAGMA user_version = 1;
`;
