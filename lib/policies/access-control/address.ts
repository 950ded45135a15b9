import ipaddr from 'ipaddr.js';

/** The bytes of an address: four, or sixteen. */
export type Address = readonly number[];

/** Addresses whose first `bits` bits are the same. */
export interface Block {
  readonly address: Address;
  readonly bits: number;
}

/** No address is longer, in whatever way it is written. */
const longest = 64;

/**
 * The address that a text names. Four decimal numbers, or IPv6: spellings such as `0x7f.1`, which some
 * readers take for an address, are none. An IPv4 address within IPv6 is the IPv4 address.
 */
export function addressIn(text: string): Address | undefined {
  if (text.length > longest) return undefined;
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text).toByteArray();
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  return (address.isIPv4MappedAddress() ? address.toIPv4Address() : address).toByteArray();
}

/** Undefined for what is no address or no mask; the mask 0 goes with `0.0.0.0` and `::` only. */
export function blockIn(text: string, mask: string): Block | undefined {
  const address = addressIn(text);
  if (address === undefined) return undefined;
  const most = address.length * 8;
  if (mask === '') return { address, bits: most };
  if (!/^\d{1,3}$/.test(mask)) return undefined;
  const bits = Number(mask);
  const isNone = bits === 0 && address.some((byte) => byte !== 0);
  return bits > most || isNone ? undefined : { address, bits };
}

export function isWithin(address: Address, block: Block): boolean {
  if (address.length !== block.address.length) return false;
  for (let at = 0; at * 8 < block.bits; at++) {
    const counted = Math.min(8, block.bits - at * 8);
    const difference = (address[at] ?? 0) ^ (block.address[at] ?? 0);
    if (difference >> (8 - counted) !== 0) return false;
  }
  return true;
}
