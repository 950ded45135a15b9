import { originKey, parseTargetUrl } from '../../../connection/target-url.ts';
import type {
  IncomingResponse,
  OutgoingRequest,
  ReachRequest,
  Transport,
} from '../../../connection/transport.ts';

/**
 * Answers of services that really run. A transaction may be replayed more than once, and the services must
 * not notice: what they answered the first time is what every later replay gets.
 */
export class LiveAnswers {
  readonly #transport: Transport;
  readonly #origins: ReadonlySet<string>;
  #answers: Promise<IncomingResponse>[] = [];
  #next = 0;

  /** @param origins those whose requests go to services that run */
  constructor(transport: Transport, origins: readonly string[]) {
    this.#transport = transport;
    this.#origins = new Set(
      origins.flatMap((text) => {
        const origin = parseTargetUrl(text)?.origin;
        return origin === undefined ? [] : [originKey(origin)];
      }),
    );
  }

  /** A transaction begins that was not replayed yet. */
  beginTransaction(): void {
    this.#answers = [];
    this.#next = 0;
  }

  beginReplay(): void {
    this.#next = 0;
  }

  serves({ origin }: Pick<ReachRequest, 'origin'>): boolean {
    return this.#origins.has(originKey(origin));
  }

  send(request: OutgoingRequest): Promise<IncomingResponse> {
    const at = this.#next;
    this.#next += 1;
    return (this.#answers[at] ??= this.#transport.send(request));
  }

  close(): Promise<void> {
    return this.#transport.close();
  }
}
