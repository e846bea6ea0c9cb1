/** One connection to a Wyoming server, kept open between questions for as long as the server likes. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createWyomingDecoder, encodeWyoming, type WyomingEvent } from '@hearth/core';
import { RuntimeError } from '@hearth/runtime';

type Outgoing = Parameters<typeof encodeWyoming>[0];

export interface WyomingServer {
  /**
   * Sends the events and waits for the one that `find` takes. One question at a time.
   * @throws RuntimeError REMOTE_FAILED, errors of the socket with their `code`, and the reason of the signal
   */
  ask<Found>(
    events: Iterable<Outgoing>,
    signal: AbortSignal,
    find: (event: WyomingEvent) => Found | undefined,
  ): Promise<Found>;
  close(): void;
}

/** Probes of the network find out when a server has vanished without a word. */
const PROBE_AFTER_MS = 15_000;

/** @param url `tcp://box:10300` */
export function connectWyoming(url: string): WyomingServer {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  let open: Socket | undefined;

  /** Many servers close after each transcript: that is no failure, and the next question connects anew. */
  async function connected(signal: AbortSignal): Promise<Socket> {
    if (open?.writable && !open.readableEnded) return open;
    open?.destroy();
    const socket = connect({ host, port: Number(port), noDelay: true });
    socket.setKeepAlive(true, PROBE_AFTER_MS);
    open = socket;
    try {
      await once(socket, 'connect', { signal });
    } catch (error) {
      socket.destroy();
      throw error;
    }
    // What happens between two questions is seen by the next one.
    socket.on('error', () => {});
    return socket;
  }

  return {
    async ask(events, signal, find) {
      const socket = await connected(signal);
      const answer = waitFor(socket, signal, find);
      // Its rejection is awaited below, after the writing.
      answer.catch(() => {});
      try {
        for (const event of events) {
          if (!socket.writable) break;
          if (!socket.write(encodeWyoming(event))) {
            await Promise.race([once(socket, 'drain', { signal }), answer]);
          }
        }
        return await answer;
      } catch (error) {
        // Half a question, or half an answer: nobody knows what comes next on it.
        socket.destroy();
        throw error;
      }
    },
    close() {
      open?.destroy();
    },
  };
}

function waitFor<Found>(
  socket: Socket,
  signal: AbortSignal,
  find: (event: WyomingEvent) => Found | undefined,
): Promise<Found> {
  const decoder = createWyomingDecoder();
  const { promise, resolve, reject } = Promise.withResolvers<Found>();
  const onData = (bytes: Uint8Array) => {
    try {
      for (const event of decoder.push(bytes)) {
        if (event.type === 'error') reject(failed('answered with an error'));
        const found = find(event);
        if (found !== undefined) resolve(found);
      }
    } catch {
      // The cause might quote it.
      reject(failed('answered with something that is not Wyoming'));
    }
  };
  const onClose = () => reject(failed('closed the connection before it answered'));
  const onAbort = () => reject(signal.reason);
  socket.on('data', onData).on('error', reject).on('close', onClose).on('end', onClose);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  return promise.finally(() => {
    socket.off('data', onData).off('error', reject).off('close', onClose).off('end', onClose);
    signal.removeEventListener('abort', onAbort);
  });
}

function failed(what: string): RuntimeError {
  return new RuntimeError('REMOTE_FAILED', `wyoming: the server ${what}`);
}
