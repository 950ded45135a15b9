import { expect } from 'chai';
import type { CapturedData, CollectedStatistics } from '../../lib/analytics/analytics.ts';
import type { Entities, Entity, EntityIdentifier } from '../../lib/entities/entities.ts';
import type { MessageLogEntry } from '../../lib/message-log/message-log.ts';
import type { PublishedMessage } from '../../lib/publisher/publisher.ts';
import type { RuntimeOptions } from '../../lib/runtime/services.ts';

/** An entity that AccessEntity finds. */
export interface KnownEntity {
  readonly type: string;
  readonly identifier: EntityIdentifier;
  readonly entity: Entity;
}

/** What policies hand to the world beside the transaction. */
export interface ExpectedHandOvers {
  /** All entries: `udp://HOST:PORT`, the log's name or the file's, and the text or the fields. */
  readonly logged?: readonly { readonly to: string; readonly payload: unknown }[];
  readonly statistics?: Readonly<Record<string, unknown>>;
  readonly captured?: Readonly<Record<string, unknown>>;
  readonly published?: readonly {
    readonly topic: string;
    readonly text: string;
    readonly attributes?: Readonly<Record<string, string>>;
  }[];
}

/** Keeps what is handed over; a message that is published gets the id `message-1`, `message-2`, ... */
export class HandOvers {
  readonly #logged: MessageLogEntry[] = [];
  readonly #statistics: CollectedStatistics[] = [];
  readonly #captured: CapturedData[] = [];
  readonly #published: PublishedMessage[] = [];

  options(
    known: readonly KnownEntity[],
  ): Pick<RuntimeOptions, 'messageLog' | 'statistics' | 'dataCapture' | 'publisher' | 'entities'> {
    const entities: Entities = {
      find: ({ type, identifier }) =>
        known.find(
          (one) =>
            one.type === type &&
            one.identifier.type === identifier.type &&
            one.identifier.value === identifier.value,
        )?.entity,
    };
    return {
      messageLog: { write: (entry) => void this.#logged.push(entry) },
      statistics: { record: (collected) => void this.#statistics.push(collected) },
      dataCapture: { capture: (data) => void this.#captured.push(data) },
      publisher: {
        publish: (message) => Promise.resolve(`message-${this.#published.push(message)}`),
      },
      entities,
    };
  }

  compare({ logged, statistics, captured, published }: ExpectedHandOvers): void {
    if (logged !== undefined) {
      const entries = this.#logged.map(({ destination, payload }) => ({
        to:
          destination.kind === 'syslog'
            ? `${destination.protocol.toLowerCase()}://${destination.host}:${destination.port}`
            : destination.kind === 'file'
              ? destination.fileName
              : destination.logName,
        payload: payload.kind === 'json' ? payload.object : payload.text,
      }));
      expect(entries, 'logged').to.deep.equal(logged);
    }
    if (statistics !== undefined) {
      expect(together(this.#statistics), 'statistics').to.deep.equal(statistics);
    }
    if (captured !== undefined) {
      expect(together(this.#captured), 'captured').to.deep.equal(captured);
    }
    if (published !== undefined) {
      const messages = this.#published.map(({ topic, data, attributes }) => ({
        topic,
        text: Buffer.from(data).toString('utf8'),
        ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
      }));
      expect(messages, 'published').to.deep.equal(published);
    }
  }
}

/** The values of all policies of a case; a later one counts. */
function together(
  all: readonly { readonly values: ReadonlyMap<string, unknown> }[],
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(all.flatMap(({ values }) => [...values]));
}
