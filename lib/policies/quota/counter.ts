import { flowValueText } from '../../message/flow-value.ts';
import type { CounterId, Counters, WindowKind } from '../../state/counters.ts';
import type { Flow } from '../../variables/flow.ts';
import { variableReference } from '../../variables/flow-variables.ts';
import { compileCounting, type Counting } from '../rate-limiting/counting.ts';
import { bucketName, counterFamily } from '../rate-limiting/counter-names.ts';
import { defaultIdentifier } from '../rate-limiting/identifier.ts';
import type { QuotaPolicy } from './grammar.ts';
import { productPrefixes } from './limits.ts';
import { effectiveType } from './quota-window.ts';

/** The counters of a Quota, for itself and for whoever resets it. */
export interface QuotaCounter {
  readonly kind: WindowKind;
  readonly counting: Counting;
  /** The counter of an identifier, and of a class that has a limit of its own. */
  readonly id: (flow: Flow, identifier: string, className: string | undefined) => CounterId;
}

/** Finds a Quota's counters: by SharedName if it has one, else by its own name. */
export function compileQuotaCounter(policy: QuotaPolicy, counters: Counters): QuotaCounter {
  const sharedName = policy.sharedName?.value ?? '';
  const family = counterFamily({
    kind: sharedName === '' ? 'quota' : 'shared-quota',
    name: sharedName === '' ? policy.name : sharedName,
    per: 'proxy',
  });
  const clientOf = compileClient(policy);
  const place = policy.distributed?.value === true ? 'shared' : 'local';
  return {
    kind: effectiveType(policy) === 'rollingwindow' ? 'rolling' : 'fixed',
    counting: compileCounting(counters, place, policy.name),
    id(flow, identifier, className) {
      const client = identifier === defaultIdentifier ? clientOf(flow) : [];
      const others = className === undefined ? client : [className, ...client];
      return { family: family(flow), bucket: bucketName(identifier, ...others) };
    },
  };
}

/**
 * What tells clients apart where nothing is said of it: a limit that comes from a client's API product is
 * that client's own. Nothing otherwise.
 */
function compileClient(policy: QuotaPolicy): (flow: Flow) => readonly string[] {
  const prefixes = clientPrefixes(policy);
  const clients = prefixes.map((prefix) => ({
    key: variableReference(`${prefix}client_id`),
    product: variableReference(`${prefix}apiproduct.name`),
  }));
  return ({ variables }) => {
    for (const { key, product } of clients) {
      const client = flowValueText(key.read(variables));
      if (client !== '') return ['client', client, flowValueText(product.read(variables))];
    }
    return [];
  };
}

function clientPrefixes({ allow, useQuotaConfigInApiProduct: product }: QuotaPolicy) {
  if (product !== undefined) return productPrefixes(product.stepName);
  const prefix = /^(verifyapikey\..+\.)apiproduct\./.exec(allow?.countRef ?? '')?.[1];
  return prefix === undefined ? [] : [prefix];
}
