import { diagnosticAt } from '../../diagnostic/diagnostic.ts';
import {
  attribute,
  element,
  ignored,
  leaf,
  many,
  optional,
  spelled,
  type NodeOf,
} from '../../xml/grammar/element.ts';
import { boolean, text, type ValueSyntax } from '../../xml/grammar/value.ts';
import { policyElement, type PolicyNode } from '../policy-grammar.ts';
import { identifier } from '../rate-limiting/identifier.ts';
import { messageWeight } from '../rate-limiting/message-weight.ts';

export const quotaTypes = ['default', 'calendar', 'flexi', 'rollingwindow'] as const;

export type QuotaType = (typeof quotaTypes)[number];

const quotaType: ValueSyntax<QuotaType> = {
  title: quotaTypes.join(', '),
  content: 'text',
  xsd: quotaTypes,
  json: { enum: quotaTypes },
  read(raw, { location, report }) {
    const found = quotaTypes.find((type) => type === raw.trim());
    if (found === undefined && raw.trim() !== '') {
      report(
        diagnosticAt(
          location,
          'error',
          'InvalidQuotaType',
          `No enum constant com.apigee.quota.types.QuotaType.${raw.trim()}.`,
          `Write one of ${quotaTypes.join(', ')}, or leave type out.`,
        ),
      );
    }
    return found;
  },
};

const limitAttributes = {
  count: attribute(text, 'The limit.'),
  countRef: attribute(text, 'Flow variable that holds the limit; count is used if it does not.'),
} as const;

const allow = element({
  doc: 'How much is allowed in an interval; 2000 unless given.',
  attributes: limitAttributes,
  children: {
    class: optional(
      'Class',
      element({
        doc: 'Limits for classes of clients, each with counters of its own.',
        attributes: { ref: attribute(text, 'Flow variable that holds the class.') },
        children: {
          allow: many(
            'Allow',
            element({
              doc: 'The limit of one class.',
              attributes: { class: attribute(text, 'The class.', ''), ...limitAttributes },
            }),
          ),
        },
      }),
    ),
  },
});

const interval = element({
  doc: 'How many time units an interval has.',
  attributes: { ref: attribute(text, 'Flow variable that holds it; the text if that is not set.') },
  text,
});

const timeUnit = element({
  doc: 'second, minute, hour, day, week or month; second not where Distributed is true.',
  attributes: { ref: attribute(text, 'Flow variable that holds it; the text if that is not set.') },
  text,
});

/** Grammar of Quota ("Quota policy"). */
export const quotaGrammar = policyElement(
  'Limits how much clients may use in an interval of time.',
  {
    allow: optional('Allow', allow),
    interval: optional('Interval', interval),
    timeUnit: optional('TimeUnit', timeUnit),
    startTime: optional(
      'StartTime',
      leaf(text, 'Where intervals of type calendar begin: yyyy-MM-dd HH:mm:ss, UTC.'),
    ),
    identifier: optional('Identifier', identifier),
    messageWeight: optional('MessageWeight', messageWeight),
    useQuotaConfigInApiProduct: optional(
      'UseQuotaConfigInAPIProduct',
      element({
        doc: 'Takes limit and interval from the API product that a step found.',
        attributes: { stepName: attribute(text, 'The VerifyAPIKey or OAuthV2 step.', '') },
        children: {
          defaultConfig: optional(
            'DefaultConfig',
            element({
              doc: 'What holds for a product without a quota.',
              children: {
                allow: optional(
                  'Allow',
                  element({ doc: 'The limit.', attributes: limitAttributes, text }),
                ),
                interval: optional('Interval', interval),
                timeUnit: optional('TimeUnit', timeUnit),
              },
            }),
          ),
        },
      }),
    ),
    distributed: optional(
      'Distributed',
      leaf(boolean, 'true: all gateways that share a state store count together.'),
    ),
    synchronous: optional(
      'Synchronous',
      leaf(boolean, 'Has no effect: what is shared is always counted at once.'),
    ),
    asynchronousConfiguration: optional(
      'AsynchronousConfiguration',
      element({
        doc: 'Checked, and without effect: what is shared is always counted at once.',
        children: {
          syncIntervalInSeconds: optional('SyncIntervalInSeconds', leaf(text, 'Seconds.')),
          syncMessageCount: optional('SyncMessageCount', leaf(text, 'Messages.')),
        },
      }),
    ),
    sharedName: optional(
      'SharedName',
      leaf(text, 'Name of a counter that several Quota policies of a proxy use.'),
    ),
    countOnly: optional('CountOnly', leaf(boolean, 'true: counts, and rejects nothing.')),
    enforceOnly: optional('EnforceOnly', leaf(boolean, 'true: rejects, and counts nothing.')),
    unused: ignored(
      ['Properties', 'PreciseAtSecondsLevel', 'DataStoreFailureModeOpen', 'Alert'],
      'Present in old bundles; not used.',
    ),
  },
  {
    quotaType: spelled(
      'type',
      attribute(quotaType, 'How intervals begin; at the bounds of the time unit unless given.'),
    ),
  },
);

export type QuotaPolicy = PolicyNode<'Quota', typeof quotaGrammar>;
export type AllowNode = NodeOf<typeof allow>;
export type LimitNode = Pick<AllowNode, 'count' | 'countRef'>;
export type TextOrRefNode = NodeOf<typeof interval>;
