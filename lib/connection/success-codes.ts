/** Whether a status code counts as success. */
export type SuccessCodes = (status: number) => boolean;

export const defaultSuccessCodes: SuccessCodes = (status) => status >= 100 && status < 400;

/**
 * Reads `success.codes`: items such as `401`, `2xx` or `5XX`, separated by commas. It replaces the default
 * `1xx,2xx,3xx` ("Endpoint properties reference"). Items that are neither go to `onBadItem` and are left out.
 */
export function parseSuccessCodes(text: string, onBadItem: (item: string) => void): SuccessCodes {
  const classes = new Set<number>();
  const codes = new Set<number>();
  for (const item of text.split(',').map((part) => part.trim())) {
    if (item === '') continue;
    if (/^\dxx$/i.test(item)) classes.add(Number(item.charAt(0)));
    else if (/^\d{3}$/.test(item)) codes.add(Number(item));
    else onBadItem(item);
  }
  return (status) => codes.has(status) || classes.has(Math.floor(status / 100));
}
