import { createHash } from 'node:crypto';
import type { Random } from '../../host/random.ts';

/** Chance that a seed decides, so that a run can be repeated to the byte. Never for secrets. */
export function seededRandom(seed: number): Random {
  let drawn = 0;
  const bytes = (count: number): Uint8Array => {
    const parts: Buffer[] = [];
    for (let length = 0; length < count; length += 32) {
      parts.push(createHash('sha256').update(`${seed}:${drawn}`).digest());
      drawn += 1;
    }
    return Buffer.concat(parts).subarray(0, count);
  };
  return {
    bytes,
    uuid() {
      const drawnBytes = Buffer.from(bytes(16));
      drawnBytes.writeUInt8((drawnBytes.readUInt8(6) & 0x0f) | 0x40, 6);
      drawnBytes.writeUInt8((drawnBytes.readUInt8(8) & 0x3f) | 0x80, 8);
      const hex = drawnBytes.toString('hex');
      return [0, 8, 12, 16, 20]
        .map((start, index, starts) => hex.slice(start, starts[index + 1]))
        .join('-');
    },
  };
}
