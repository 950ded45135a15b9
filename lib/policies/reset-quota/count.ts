import { wholeNumber } from '../../xml/grammar/value.ts';

/** How much a text says to give back; undefined if it is no whole number from 0 on. */
export function readCount(text: string): number | undefined {
  const number = wholeNumber(text);
  return number !== undefined && number >= 0 ? number : undefined;
}
