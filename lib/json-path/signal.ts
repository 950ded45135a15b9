/*
 * What ends an evaluation early without being the caller's concern. Jayway throws here; the values are
 * made once, because a filter may meet them at every item.
 */

/** The operator or step does not fit the value: a filter takes the item as not accepted. */
export const inapplicable = new Error('not applicable to this value');

/** The whole evaluation has no result. */
export const failed = new Error('no result');

/** A function asked a list for an item that it does not have: ends one branch below a list, otherwise all. */
export const outOfRange = new Error('no such item');
