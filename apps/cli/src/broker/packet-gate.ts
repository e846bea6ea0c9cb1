/** Finds MQTT packets that are too big by their length field, before they are collected in memory. */

/** MQTT allows four bytes of length, seven bits each. */
const MAX_LENGTH_BYTES = 4;

export interface PacketGate {
  /** @returns false once the stream holds a packet above the limit, or a broken length; it stays false. */
  push(chunk: Uint8Array): boolean;
}

/** @param maxBytes of one packet without its fixed header */
export function createPacketGate(maxBytes: number): PacketGate {
  /** Bytes of the packet's body still to come. */
  let remaining = 0;
  /** Bytes of the length field read so far; undefined while the packet's type byte is awaited. */
  let lengthBytes: number | undefined;
  let length = 0;
  let open = true;

  function pushHeader(byte: number): void {
    if (lengthBytes === undefined) {
      lengthBytes = 0;
      length = 0;
      return;
    }
    length += (byte & 0x7f) * 128 ** lengthBytes;
    lengthBytes += 1;
    const more = (byte & 0x80) !== 0;
    if (length > maxBytes || (more && lengthBytes === MAX_LENGTH_BYTES)) open = false;
    if (more) return;
    remaining = length;
    lengthBytes = undefined;
  }

  return {
    push(chunk) {
      let at = 0;
      while (open && at < chunk.length) {
        if (remaining > 0) {
          const taken = Math.min(remaining, chunk.length - at);
          remaining -= taken;
          at += taken;
        } else {
          pushHeader(chunk[at] ?? 0);
          at += 1;
        }
      }
      return open;
    },
  };
}
