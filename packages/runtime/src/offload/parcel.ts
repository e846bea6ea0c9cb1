/** Makes a value ready for another thread: finds the buffers to hand over, and copies what must not be handed over. */
import { isTypedArray } from 'node:util/types';
import { isMarkedAsUntransferable } from 'node:worker_threads';

export interface Parcel {
  readonly value: unknown;
  readonly transfer: ArrayBuffer[];
}

/**
 * Looks into arrays and plain objects; other objects go as structured cloning sees them.
 * A view on a part of a buffer (Node's pool, the heap of a WASM module) is replaced by a copy of that part:
 * its buffer has other users, and cloning the view would send the buffer whole.
 * @param offered the buffers that may be handed over; without it all of them
 */
export function pack(value: unknown, offered?: readonly ArrayBuffer[]): Parcel {
  const transfer = new Set<ArrayBuffer>();
  const made = new Map<object, unknown>();
  const offer = offered && new Set(offered);

  const give = (buffer: ArrayBufferLike) => {
    if (!(buffer instanceof ArrayBuffer) || isMarkedAsUntransferable(buffer)) return;
    if (!offer || offer.has(buffer)) transfer.add(buffer);
  };

  const copyOf = (view: ArrayBufferView): ArrayBufferView => {
    const part = compact(view);
    if (part.buffer instanceof ArrayBuffer) transfer.add(part.buffer);
    return part;
  };

  const visit = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    if (made.has(part)) return made.get(part);
    if (part instanceof ArrayBuffer) give(part);
    else if (ArrayBuffer.isView(part)) {
      if (isWhole(part)) give(part.buffer);
      else return remember(part, copyOf(part));
    } else if (Array.isArray(part)) {
      const array = remember<unknown[]>(part, []);
      for (const inner of part) array.push(visit(inner));
      return array;
    } else if (isPlain(part)) {
      const object = remember<Record<string, unknown>>(part, {});
      for (const [key, inner] of Object.entries(part)) object[key] = visit(inner);
      return object;
    }
    return part;
  };

  function remember<Made>(part: object, copy: Made): Made {
    made.set(part, copy);
    return copy;
  }

  return { value: visit(value), transfer: [...transfer] };
}

/** Shared memory is shared, whatever part of it is seen. */
function isWhole(view: ArrayBufferView): boolean {
  return !(view.buffer instanceof ArrayBuffer) || view.byteLength === view.buffer.byteLength;
}

function compact(view: ArrayBufferView): ArrayBufferView {
  // Covers Buffer, whose own slice() shares memory.
  if (view instanceof Uint8Array) return new Uint8Array(view);
  if (isTypedArray(view)) return view.slice();
  return new DataView(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
