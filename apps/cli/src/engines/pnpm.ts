/** Runs the pnpm that comes with Hearth, to install packages without running any of their scripts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { UserError } from '@hearth/runtime';

/** The same as in the root's package.json, for an installation without its development dependencies. */
const PNPM = 'pnpm@10.34.9';
/** Half a gigabyte over a slow line. */
const LIMIT_MS = 30 * 60_000;
/** Kept of what it says: the end tells what went wrong. */
const KEPT_OUTPUT = 4_000;
const NO_CONNECTION =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|ECONNRESET|META_FETCH_FAIL/;

const INSTALL = [
  'install',
  '--ignore-scripts',
  '--no-frozen-lockfile',
  '--prefer-offline',
  '--reporter=append-only',
];
/** Of npx, too: without a connection they would try for more than a minute. */
const FEW_RETRIES = { npm_config_fetch_retries: '1', npm_config_fetch_retry_mintimeout: '1000' };

export interface InstallOptions {
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  /** A line of what pnpm says about its progress. */
  readonly onLine: (line: string) => void;
}

/** @throws UserError `OFFLINE`, `NO_SPACE`, `INSTALL_FAILED` */
export async function installPackages(folder: string, options: InstallOptions): Promise<void> {
  const { signal, env, onLine } = options;
  const [command, ...args] = pnpm();
  const limit = AbortSignal.timeout(LIMIT_MS);
  const child = spawn(command, [...args, ...INSTALL], {
    cwd: folder,
    env: { ...env, ...FEW_RETRIES, CI: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.any([signal, limit]),
  });
  let said = '';
  const hear = (text: string) => {
    said = (said + text).slice(-KEPT_OUTPUT);
    for (const line of text.split('\n')) if (line.trim()) onLine(line.trim());
  };
  listen(child.stdout, hear);
  listen(child.stderr, hear);
  const [code] = await once(child, 'close').catch((error: unknown) => {
    if (limit.aborted) throw failed(`it took longer than ${LIMIT_MS / 60_000} minutes`);
    throw signal.aborted ? signal.reason : failed(String(error));
  });
  if (code !== 0) throw explain(said, Number(code));
}

function pnpm(): readonly [string, ...string[]] {
  try {
    // What it exports is its package.json.
    const manifest = createRequire(import.meta.url).resolve('pnpm');
    return [process.execPath, path.join(path.dirname(manifest), 'bin', 'pnpm.cjs')];
  } catch {
    return ['npx', '-y', PNPM];
  }
}

function explain(said: string, code: number): Error {
  const reason = NO_CONNECTION.exec(said)?.[0];
  if (reason) {
    const message = `There is no connection to the npm registry (${reason}). Is this machine online? Nothing was changed.`;
    return new UserError('OFFLINE', message);
  }
  if (said.includes('ENOSPC')) {
    return new UserError('NO_SPACE', 'The disk is full. Nothing was changed.');
  }
  const lines = said.split('\n').map((line) => line.trim());
  const last = lines.filter((line) => /ERR|error/i.test(line)).at(-1) ?? `exit code ${code}`;
  return failed(last);
}

function failed(why: string): UserError {
  return new UserError('INSTALL_FAILED', `The installation failed: ${why}. Nothing was changed.`);
}

function listen(stream: Readable, hear: (text: string) => void): void {
  stream.setEncoding('utf8').on('data', hear);
}
