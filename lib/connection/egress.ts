import ipaddr from 'ipaddr.js';
import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { TransportError } from './transport.ts';

/**
 * Where requests may go.
 * - `any`: everywhere.
 * - `public`: only to addresses of the public internet.
 * - lists: `allow` holds host names, `*.` patterns, addresses and networks, and nothing else may
 *   be reached when it is given; `deny` holds addresses and networks (`10.0.0.0/8`) that are
 *   refused whatever name leads to them.
 */
export type EgressPolicy =
  'any' | 'public' | { readonly allow?: readonly string[]; readonly deny?: readonly string[] };

type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** An egress policy, ready to be asked. */
export interface EgressGuard {
  /** Whether a name may be looked up at all, or an address literal be connected to. */
  permitsHost(host: string): boolean;
  /** Whether `address`, to which `host` resolved, may be connected to. */
  permitsAddress(host: string, address: string): boolean;
}

/** @throws {TypeError} for a `deny` entry that is no address or network */
export function egressGuard(policy: EgressPolicy): EgressGuard {
  if (policy === 'any') return { permitsHost: () => true, permitsAddress: () => true };
  if (policy === 'public') {
    return {
      permitsHost: (host) => isIP(host) === 0 || isPublic(host),
      permitsAddress: (_host, address) => isPublic(address),
    };
  }
  const denied = (policy.deny ?? []).map((text) => {
    const network = parseNetwork(text);
    if (network === undefined) throw new TypeError(`deny: "${text}" is no address or network`);
    return network;
  });
  const { names, networks } = allowList(policy.allow ?? []);
  const permitsAddress = (host: string, text: string): boolean => {
    const address = parseAddress(text);
    if (address === undefined) return false;
    const within = ([network, bits]: Network) => inNetwork(address, network, bits);
    if (denied.some(within)) return false;
    return policy.allow === undefined || matches(host, names) || networks.some(within);
  };
  return {
    permitsAddress,
    permitsHost: (host) =>
      isIP(host) === 0
        ? policy.allow === undefined || networks.length > 0 || matches(host, names)
        : permitsAddress(host, host),
  };
}

/**
 * A `lookup` for node:net that hands on only addresses that the guard permits. The check happens
 * on the very addresses that are connected to, so a name that resolves differently the next time
 * gains nothing, and neither does any spelling of an address that the resolver understands.
 */
export function guardedLookup(guard: EgressGuard, lookup: LookupFunction): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      const addresses = addressList(found);
      const permitted = addresses.filter(({ address }) => guard.permitsAddress(host, address));
      const [first] = permitted;
      if (first === undefined) {
        callback(forbidden(host), []);
      } else if (options.all === true) {
        callback(null, permitted);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

/** The resolver of the operating system. */
export const platformLookup: LookupFunction = (host, options: LookupOptions, callback) => {
  systemLookup(host, { ...options, all: true }, callback);
};

export function forbidden(host: string): TransportError {
  return new TransportError('forbidden', `The egress policy does not allow requests to ${host}`);
}

function addressList(found: string | LookupAddress[]): readonly LookupAddress[] {
  return typeof found === 'string' ? [{ address: found, family: isIP(found) }] : found;
}

function isPublic(address: string): boolean {
  return parseAddress(address)?.range() === 'unicast';
}

/** IPv4 inside IPv6 (`::ffff:127.0.0.1`) counts as the IPv4 address that it leads to. */
function parseAddress(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  return ipaddr.isValid(address) ? ipaddr.process(address) : undefined;
}

function inNetwork(
  address: ipaddr.IPv4 | ipaddr.IPv6,
  network: ipaddr.IPv4 | ipaddr.IPv6,
  bits: number,
): boolean {
  if (address instanceof ipaddr.IPv4) {
    return network instanceof ipaddr.IPv4 && address.match(network, bits);
  }
  return network instanceof ipaddr.IPv6 && address.match(network, bits);
}

function parseNetwork(text: string): Network | undefined {
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (isIP(text) === 0) return undefined;
  const address = ipaddr.process(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function allowList(entries: readonly string[]): { names: string[]; networks: Network[] } {
  const names: string[] = [];
  const networks: Network[] = [];
  for (const entry of entries) {
    const network = parseNetwork(entry);
    if (network === undefined) names.push(entry.toLowerCase());
    else networks.push(network);
  }
  return { names, networks };
}

function matches(host: string, names: readonly string[]): boolean {
  const bare = host.endsWith('.') ? host.slice(0, -1) : host;
  return names.some((name) =>
    name.startsWith('*.')
      ? bare.endsWith(name.slice(1)) && bare.length >= name.length
      : bare === name,
  );
}
