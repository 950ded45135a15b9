import type { Location } from '../../diagnostic/location.ts';
import type { Message } from '../../message/message.ts';
import { compileTemplate } from '../../template/template.ts';
import type { ActionContext, Effect } from './context.ts';
import { acceptsForm, logFormSkipped } from './form-gate.ts';
import type { AddNode } from './grammar.ts';

/** Header lines and parameters alike. */
interface Parameters {
  set(name: string, value: string): void;
  add(name: string, value: string): void;
}

interface AssignedNode {
  readonly name: string;
  readonly value: string | undefined;
  readonly textLocation: Location;
}

/**
 * Compiles the headers, query parameters and form parameters of Set, which replaces values, and of Add,
 * which keeps them and appends one. Parts without a name are left out; checks reported them.
 */
export function compileAssignments(
  { headers, queryParams, formParams }: Pick<AddNode, 'headers' | 'queryParams' | 'formParams'>,
  action: 'set' | 'add',
  { policy, onUnresolved, report }: ActionContext,
): readonly Effect[] {
  const assignments = (
    nodes: readonly AssignedNode[] | undefined,
    part: (message: Message) => Parameters,
  ): readonly Effect[] =>
    (nodes ?? [])
      .filter(({ name }) => name !== '')
      .map(({ name, value, textLocation }) => {
        const template = compileTemplate(value ?? '', { location: textLocation, report });
        return (flow, message) => {
          part(message)[action](name, template.render(flow, onUnresolved));
        };
      });
  const query = assignments(queryParams?.queryParam, (message) => message.query);
  const form = assignments(formParams?.formParam, (message) => message.form);
  return [
    ...assignments(headers?.header, (message) => message.headers),
    ...query.map(ofRequests),
    ...(form.length === 0 ? [] : [gated(form, policy)]),
  ];
}

function ofRequests(effect: Effect): Effect {
  return (flow, message) => {
    if (message.kind === 'request') effect(flow, message);
  };
}

/** The form parameters of one action apply together, or not at all. */
function gated(effects: readonly Effect[], policy: string): Effect {
  return (flow, message) => {
    if (acceptsForm(message)) for (const effect of effects) effect(flow, message);
    else logFormSkipped(flow, policy, message);
  };
}
