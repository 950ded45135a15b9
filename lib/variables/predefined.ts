import type { FlowValue } from '../message/flow-value.ts';
import type { Transaction } from './flow.ts';

/** A variable that is there without being set, computed whenever it is read. */
export interface Predefined {
  /** Whether policies may put a value of their own in its place. */
  readonly access: 'read-only' | 'read-write';
  read(transaction: Transaction): FlowValue;
}

/** Predefined variables by name; any lookup will do, a Map is one. */
export interface PredefinedVariables {
  get(name: string): Predefined | undefined;
}

export function readOnly(read: (transaction: Transaction) => FlowValue): Predefined {
  return { access: 'read-only', read };
}

export function readWrite(read: (transaction: Transaction) => FlowValue): Predefined {
  return { access: 'read-write', read };
}

/**
 * What every flow has, also one without a proxy ("Flow variables reference"). Times are UTC. A runtime
 * that knows more gives a table with these and its own.
 */
export const builtInVariables: ReadonlyMap<string, Predefined> = new Map<string, Predefined>([
  ['messageid', readOnly(({ messageId }) => messageId)],
  ['is.error', readWrite(({ variables }) => variables.phase === 'error')],

  ['organization.name', readOnly(({ host }) => host.environment.organization)],
  ['environment.name', readOnly(({ host }) => host.environment.name)],
  ['environment.orgname', readOnly(({ host }) => host.environment.organization)],
  [
    'environment.qualifiedname',
    readOnly(({ host }) => `${host.environment.organization}__${host.environment.name}`),
  ],
  // Unresolved until whoever runs a proxy seeds them; no policy may.
  ['apiproxy.name', readOnly(() => null)],
  ['apiproxy.revision', readOnly(() => null)],

  ['client.received.start.timestamp', readOnly(({ startedAt }) => startedAt)],
  ['client.received.start.time', readOnly(({ startedAt }) => timeText(startedAt, 'UTC'))],
  ['client.received.end.timestamp', readOnly(({ startedAt }) => startedAt)],
  ['client.received.end.time', readOnly(({ startedAt }) => timeText(startedAt, 'UTC'))],

  ['system.uuid', readOnly(({ host }) => host.random.uuid())],
  ['system.timestamp', readOnly(({ host }) => host.clock.now())],
  ['system.time', readOnly(({ host }) => timeText(host.clock.now(), 'GMT'))],
  ['system.time.year', timePart((now) => now.getUTCFullYear())],
  ['system.time.month', timePart((now) => now.getUTCMonth() + 1)],
  ['system.time.day', timePart((now) => now.getUTCDate())],
  // As java.util.Calendar counts: Sunday is 1.
  ['system.time.dayofweek', timePart((now) => now.getUTCDay() + 1)],
  ['system.time.hour', timePart((now) => now.getUTCHours())],
  ['system.time.minute', timePart((now) => now.getUTCMinutes())],
  ['system.time.second', timePart((now) => now.getUTCSeconds())],
  ['system.time.millisecond', timePart((now) => now.getUTCMilliseconds())],
  ['system.time.zone', readOnly(() => 'UTC')],
]);

function timePart(part: (now: Date) => number): Predefined {
  return readOnly(({ host }) => part(new Date(host.clock.now())));
}

/** `Wed, 21 Aug 2013 19:16:47 UTC` */
function timeText(epochMilliseconds: number, zone: 'UTC' | 'GMT'): string {
  return new Date(epochMilliseconds).toUTCString().replace(/GMT$/, zone);
}
