import type { UnsupportedPolicy } from '../../bundle/bundle.ts';
import { Fault } from '../../fault/fault.ts';
import type { Location } from '../../diagnostic/location.ts';
import type { HostPolicy } from '../../policies/host-policy/host-policy.ts';
import type { Flow } from '../../variables/flow.ts';
import { isFraming, isOfRouter } from './compare/names.ts';
import {
  executionsOf,
  type RecordedExecution,
  type RecordedMessage,
  type RecordedTransaction,
} from './session/recorded-transaction.ts';

/** The type of the policies that stand in for those which the bundle cannot run. No bundle can name it. */
export const recordedEffectsType = 'Recorded effects';

/** A policy that does to a transaction what the session says that the policy of this name did. */
export function recordedEffectsPolicy(name: string, location: Location): UnsupportedPolicy {
  const element = {
    name: recordedEffectsType,
    attributes: new Map<string, string>(),
    children: [],
    text: '',
    location,
  };
  return {
    kind: 'unsupported',
    type: recordedEffectsType,
    name,
    enabled: true,
    continueOnError: false,
    element,
    location,
    references: [],
  };
}

/** What steps did in the transaction that is being replayed; each execution serves once, in order. */
export class RecordedEffects {
  #executions = new Map<string, RecordedExecution[]>();

  begin(transaction: RecordedTransaction): void {
    this.#executions = new Map();
    for (const execution of executionsOf(transaction)) {
      const { name = '' } = execution;
      const known = this.#executions.get(name);
      if (known === undefined) this.#executions.set(name, [execution]);
      else known.push(execution);
    }
  }

  /** The implementation of `recordedEffectsType`. */
  readonly policy: HostPolicy =
    ({ name }) =>
    (flow) => {
      const execution = this.#executions.get(name)?.shift();
      if (execution !== undefined) apply(execution, flow);
    };
}

function apply({ outcome, accesses, message, error }: RecordedExecution, flow: Flow): void {
  // A step that was skipped shows what others did before it.
  if (outcome === 'skipped') return;
  for (const access of accesses) {
    if (access.kind === 'remove') flow.variables.remove(access.name);
    if (access.kind === 'set' && access.succeeded) flow.variables.set(access.name, access.value);
  }
  if (message !== undefined) liken(message, flow);
  if (outcome === 'failed') {
    throw new Fault({
      code: error?.code === undefined || error.code === '' ? 'recorded.Failure' : error.code,
      faultstring: error?.text ?? '',
    });
  }
}

/** Gives the current message what the recorded one has. */
function liken({ headers, body, status }: RecordedMessage, { variables }: Flow): void {
  const message = variables.message('message');
  if (message === undefined) return;
  const isOwn = ([name]: readonly [string, string]): boolean =>
    !isFraming(name) && !isOfRouter(name);
  const wanted = headers.filter(isOwn);
  for (const [name] of message.headers.lines().filter(isOwn)) {
    const stays = wanted.some(([other]) => other.toLowerCase() === name.toLowerCase());
    if (!stays) variables.remove(`message.header.${name}`);
  }
  for (const [name, value] of wanted) {
    if (message.headers.lines().some(([other, own]) => other === name && own === value)) continue;
    variables.set(`message.header.${name}`, value);
  }
  if (body?.form === 'text' && body.extent === 'whole' && message.content !== body.text) {
    variables.set('message.content', body.text);
  }
  if (status !== undefined && /^\d{3}$/.test(status) && message.statusCode !== null) {
    variables.set('message.status.code', status);
  }
}
