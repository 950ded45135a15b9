import {
  attribute,
  element,
  leaf,
  many,
  optional,
  type NodeOf,
} from '../../xml/grammar/element.ts';
import type { Location } from '../../diagnostic/location.ts';
import { integer, oneOf, text } from '../../xml/grammar/value.ts';

/** What the four cache policies share: which entry of which cache is meant. */

const cacheKey = element({
  doc: 'Names the entry: the prefix and the fragments, joined by two underscores.',
  children: {
    prefix: optional('Prefix', leaf(text, 'Takes the place of the prefix that Scope gives.')),
    keyFragment: many(
      'KeyFragment',
      element({
        doc: 'A part of the key: the value of ref if that is set, else the text.',
        attributes: {
          ref: attribute(text, 'Flow variable that holds the part.'),
          type: attribute(text, 'Not used.'),
        },
        text,
      }),
    ),
  },
});

const referable = (doc: string) =>
  element({
    doc,
    attributes: { ref: attribute(text, 'Flow variable to take instead, if it is set.') },
    text,
  });

const expirySettings = element({
  doc: 'When the entry expires; after 30 days unless given, and never later.',
  children: {
    timeoutInSeconds: optional(
      'TimeoutInSeconds',
      referable('Seconds until then. Counts before the others.'),
    ),
    timeoutInSec: optional('TimeoutInSec', leaf(text, 'Old name of TimeoutInSeconds.')),
    timeOfDay: optional('TimeOfDay', referable('hh:mm:ss, UTC; the next one to come.')),
    expiryDate: optional('ExpiryDate', referable('mm-dd-yyyy, at its beginning, UTC.')),
  },
});

export const scopes = ['Exclusive', 'Global', 'Application', 'Proxy', 'Target'] as const;

export const entryChildren = {
  cacheKey: optional('CacheKey', cacheKey),
  cacheResource: optional(
    'CacheResource',
    leaf(text, 'Name of the cache; one that all share unless given.'),
  ),
  scope: optional(
    'Scope',
    leaf(oneOf(...scopes), 'How far the entry is shared; Exclusive unless given.'),
  ),
} as const;

export const expiryChildren = {
  expirySettings: optional('ExpirySettings', expirySettings),
} as const;

export const lookupChildren = {
  cacheLookupTimeoutInSeconds: optional(
    'CacheLookupTimeoutInSeconds',
    leaf(integer, 'Seconds after which nothing counts as found.'),
  ),
} as const;

export type Scope = (typeof scopes)[number];

/** What of a policy says which entry is meant. */
export interface EntryNode {
  readonly cacheKey: NodeOf<typeof cacheKey> | undefined;
  readonly cacheResource: { readonly value: string | undefined } | undefined;
  readonly scope: { readonly value: Scope | undefined } | undefined;
}

export interface LookupNode {
  readonly cacheLookupTimeoutInSeconds:
    { readonly value: number | undefined; readonly textLocation: Location } | undefined;
}

export type ExpirySettingsNode = NodeOf<typeof expirySettings>;
export type ReferableNode = Pick<NodeOf<ReturnType<typeof referable>>, 'ref' | 'value'>;
