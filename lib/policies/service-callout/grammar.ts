import {
  httpTargetConnection,
  localTargetConnection,
} from '../../connection/grammar/target-connections.ts';
import { diagnosticAt } from '../../diagnostic/diagnostic.ts';
import { attribute, element, ignored, leaf, optional, ordered } from '../../xml/grammar/element.ts';
import { boolean, text, wholeNumber, type ValueSyntax } from '../../xml/grammar/value.ts';
import { messageActions } from '../message-actions/grammar.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';

/** Milliseconds above 0. A variable is refused: the value is fixed at deployment. */
const timeout: ValueSyntax<number> = {
  title: 'milliseconds, above 0',
  content: 'text',
  xsd: 'xs:positiveInteger',
  json: { type: 'integer', minimum: 1 },
  read(raw, { location, report }) {
    const written = raw.trim();
    if (written === '') return undefined;
    const milliseconds = wholeNumber(written);
    if (milliseconds !== undefined && milliseconds > 0) return milliseconds;
    report(
      diagnosticAt(
        location,
        'error',
        'InvalidTimeoutValue',
        `Invalid Timeout value ${written}.`,
        'Write a whole number of milliseconds above 0; variables are not resolved here.',
      ),
    );
    return undefined;
  },
};

const request = element({
  doc: 'The request that is sent, and the variable that holds it.',
  attributes: {
    variable: attribute(text, 'Name of the request message; servicecallout.request unless given.'),
    clearPayload: attribute(boolean, 'Drops the body after the call.', true),
  },
  children: {
    actions: ordered(messageActions),
    ignoreUnresolvedVariables: optional(
      'IgnoreUnresolvedVariables',
      leaf(
        boolean,
        'true: an unresolved variable is empty text; false, the default: it is a fault.',
      ),
    ),
  },
});

/** Grammar of ServiceCallout ("ServiceCallout policy"). Children may stand in any order. */
export const serviceCalloutGrammar = policyElement(
  'Calls a service and keeps its response in a variable.',
  {
    request: optional('Request', request),
    response: optional(
      'Response',
      element({
        doc: 'Variable that receives the response. Without it the call is fire and forget.',
        text,
      }),
    ),
    timeout: optional(
      'Timeout',
      leaf(timeout, 'How long to wait for the whole response; 55000 unless given.'),
    ),
    httpTargetConnection: optional('HTTPTargetConnection', httpTargetConnection),
    localTargetConnection: optional('LocalTargetConnection', localTargetConnection),
    unused: ignored('Properties', 'Present in many bundles; not used.'),
  },
);

export type ServiceCalloutPolicy = PolicyNode<'ServiceCallout', typeof serviceCalloutGrammar>;
