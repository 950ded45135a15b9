import { EventEmitter, once } from 'node:events';
import type { ReceivedRequest } from '../support/request-reader.ts';
import { startUpstream, type Answer, type Upstream } from '../support/upstream.ts';
import type { Case } from './case.ts';

/** A request, and the origin that it was meant for. */
export interface WireCall {
  readonly origin: string;
  readonly request: ReceivedRequest;
}

/** Every upstream of one case, with the calls they received in order. */
export interface Wire {
  readonly calls: readonly WireCall[];
  /** Origin as the policies name it, to the server's URL. */
  readonly mapping: Readonly<Record<string, string>>;
  /** Resolves once as many calls have come, whether answered or not; rejects if they do not. */
  arrived(count: number): Promise<void>;
  /** Also breaks every connection that still waits for an answer. */
  close(): Promise<void>;
}

/** Milliseconds after which a call that has not come never will. */
const patience = 5_000;

const standardUpstreams: Readonly<Record<string, Answer>> = { 'http://up.test': {} };

export async function openWire({
  upstreams,
  certificates = {},
}: Pick<Case, 'upstreams' | 'certificates'>): Promise<Wire> {
  const calls: WireCall[] = [];
  const arrivals = new EventEmitter();
  const servers = new Map<string, Upstream>();
  for (const [origin, answers] of Object.entries(upstreams ?? standardUpstreams)) {
    const server = await startUpstream({
      answers: isList(answers) ? answers : [answers],
      certificate: certificates[origin],
      onCall(request) {
        calls.push({ origin, request });
        arrivals.emit('call');
      },
    });
    servers.set(origin, server);
  }
  return {
    calls,
    mapping: Object.fromEntries([...servers].map(([origin, { url }]) => [origin, url])),
    async arrived(count) {
      const signal = AbortSignal.timeout(patience);
      while (calls.length < count) await once(arrivals, 'call', { signal });
    },
    async close() {
      await Promise.all([...servers.values()].map((server) => server.close()));
    },
  };
}

function isList(answers: Answer | readonly Answer[]): answers is readonly Answer[] {
  return Array.isArray(answers);
}
