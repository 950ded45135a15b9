import type {
  RecordedError,
  RecordedExecution,
  RecordedMessage,
  RecordedTransaction,
} from '../session/recorded-transaction.ts';

/** One thing that happened, with what it is matched by and where a reader would look for it. */
export type Event = {
  /** Events of two timelines are the same one only if these are equal. */
  readonly key: string;
  /** Such as `PROXY_REQ_FLOW, PreFlow`. */
  readonly where: string;
} & EventDetail;

type EventDetail =
  | {
      readonly kind: 'state';
      readonly state: string;
      readonly message: RecordedMessage | undefined;
    }
  | { readonly kind: 'flow'; readonly name: string }
  | { readonly kind: 'variable'; readonly name: string; readonly value: string }
  | { readonly kind: 'condition'; readonly expression: string; readonly holds: boolean }
  | { readonly kind: 'step'; readonly step: string; readonly execution: RecordedExecution }
  | { readonly kind: 'engine'; readonly type: string }
  | {
      readonly kind: 'error';
      readonly state: string;
      readonly error: RecordedError;
      readonly message: RecordedMessage | undefined;
    };

const flowVariables: ReadonlySet<string> = new Set([
  'proxy.flow.name',
  'target.flow.name',
  'faultrule.name',
  'sharedflow.name',
]);

/** What happened in a transaction, as far as two accounts of it can be compared. */
export function timelineOf({ points }: RecordedTransaction): readonly Event[] {
  const events: Event[] = [];
  let state = 'REQ_START';
  let flow = '';
  const where = (): string => (flow === '' ? state : `${state}, ${flow}`);
  for (const point of points) {
    switch (point.kind) {
      case 'state':
        state = point.to;
        flow = '';
        events.push({
          kind: 'state',
          key: `state ${state}`,
          where: state,
          state,
          message: point.message,
        });
        break;
      case 'info':
        for (const [name, value] of point.variables) {
          // Said twice: what flow runs is in the variables of its endpoint too.
          if (name === 'current.flow.name') continue;
          if (flowVariables.has(name)) {
            flow = value;
            events.push({
              kind: 'flow',
              key: `flow ${name} ${value}`,
              where: where(),
              name: value,
            });
          } else {
            events.push({ kind: 'variable', key: `variable ${name}`, where: where(), name, value });
          }
        }
        break;
      case 'condition': {
        const { expression, holds } = point;
        const key = `condition ${expression}`;
        events.push({ kind: 'condition', key, where: where(), expression, holds });
        break;
      }
      case 'execution': {
        const { name, type } = point;
        if (name === undefined) {
          events.push({ kind: 'engine', key: `engine ${type}`, where: where(), type });
        } else {
          const key = `step ${name}`;
          events.push({ kind: 'step', key, where: where(), step: name, execution: point });
        }
        break;
      }
      case 'error': {
        const { error, message } = point;
        const from = point.state;
        events.push({ kind: 'error', key: 'error', where: where(), state: from, error, message });
        break;
      }
    }
  }
  return events;
}
