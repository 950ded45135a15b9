import type { Flow } from '../../variables/flow.ts';
import { flowValueText, variableReference } from '../../variables/flow-variables.ts';
import { addressIn, type Address } from './address.ts';
import { invalidAddressInVariable } from './faults.ts';
import type { AccessControlPolicy } from './grammar.ts';

/** An address to be tested, as it was written. */
export interface ClientAddress {
  readonly text: string;
  /** Undefined for a word of X-Forwarded-For that is no address: no rule matches it. */
  readonly address: Address | undefined;
}

const clientIp = variableReference('client.ip');

/**
 * Where the addresses of a request are found: in the variable that the policy names, else in
 * X-Forwarded-For, else it is that of the connection.
 *
 * @throws {Fault} at run time, InvalidIPAddressInVariable
 */
export function compileClientAddresses({
  clientIpVariable,
  validateBasedOn,
}: AccessControlPolicy): (flow: Flow) => readonly ClientAddress[] {
  const name = clientIpVariable?.value ?? '';
  if (name !== '') {
    const variable = variableReference(name);
    return ({ variables }) => {
      const found = clientAddress(flowValueText(variable.read(variables)).trim());
      if (found.address === undefined) throw invalidAddressInVariable(name);
      return [found];
    };
  }
  const which = validateBasedOn?.value ?? 'X_FORWARDED_FOR_ALL_IP';
  return ({ variables }) => {
    const forwarded = forwardedFor(variables.message('request')?.headers.text('x-forwarded-for'));
    const texts = forwarded.length > 0 ? forwarded : [flowValueText(clientIp.read(variables))];
    return tested(texts, which).map(clientAddress);
  };
}

function forwardedFor(header: string | undefined): readonly string[] {
  const words = (header ?? '').split(',').map((word) => word.trim());
  return words.filter((word) => word !== '');
}

type Which = NonNullable<NonNullable<AccessControlPolicy['validateBasedOn']>['value']>;

function tested(texts: readonly string[], which: Which): readonly string[] {
  switch (which) {
    case 'X_FORWARDED_FOR_ALL_IP':
      return texts;
    case 'X_FORWARDED_FOR_FIRST_IP':
      return texts.slice(0, 1);
    case 'X_FORWARDED_FOR_LAST_IP':
      return texts.slice(-1);
  }
}

function clientAddress(text: string): ClientAddress {
  return { text, address: addressIn(text) };
}
