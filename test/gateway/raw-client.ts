import { connect, type Socket } from 'node:net';

/** What came back on one connection, one Latin-1 character a byte, and how the connection ended. */
export interface RawReply {
  readonly text: string;
  readonly end: 'closed' | 'reset';
}

/** Sends bytes on a connection of its own and collects everything until the server ends it. */
export function exchange(port: number, bytes: string | Uint8Array): Promise<RawReply> {
  return new Promise((resolve) => {
    const client = new RawClient(port);
    client.send(bytes);
    void client.ended.then((end) => {
      resolve({ text: client.text, end });
    });
  });
}

/** A connection whose every byte a test decides. */
export class RawClient {
  text = '';
  readonly ended: Promise<RawReply['end']>;
  readonly #socket: Socket;
  #wake: (() => void)[] = [];

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1' });
    this.#socket.on('data', (chunk) => {
      this.text += chunk.toString('latin1');
      this.#wakeAll();
    });
    let end: RawReply['end'] = 'closed';
    this.#socket.on('error', () => {
      end = 'reset';
    });
    this.ended = new Promise((resolve) => {
      this.#socket.on('close', () => {
        resolve(end);
        this.#wakeAll();
      });
    });
  }

  send(bytes: string | Uint8Array): void {
    this.#socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
  }

  /** Half-closes: nothing more is sent. */
  finish(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  /** Resolves once what came holds the text; rejects if the connection ends before. */
  async received(wanted: string): Promise<void> {
    while (!this.text.includes(wanted)) {
      if (this.#socket.destroyed) throw new Error(`No ${wanted} in ${JSON.stringify(this.text)}`);
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  #wakeAll(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const resolve of wake) resolve();
  }
}
