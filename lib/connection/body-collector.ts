/**
 * Gathers a body of unknown length. A body that comes in one piece is never copied; more pieces
 * go into one buffer that doubles, so that a body in single bytes costs no more than twice its size.
 */
export class BodyCollector {
  private first: Buffer | undefined;
  private joined: Buffer | undefined;
  private length = 0;

  get size(): number {
    return this.length;
  }

  add(chunk: Buffer): void {
    if (this.first === undefined) {
      this.first = chunk;
      this.length = chunk.length;
      return;
    }
    const needed = this.length + chunk.length;
    if (this.joined === undefined || this.joined.length < needed) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.length * 2, 1024));
      (this.joined ?? this.first).copy(larger, 0, 0, this.length);
      this.joined = larger;
    }
    chunk.copy(this.joined, this.length);
    this.length = needed;
  }

  bytes(): Uint8Array {
    return this.joined?.subarray(0, this.length) ?? this.first ?? new Uint8Array(0);
  }
}
