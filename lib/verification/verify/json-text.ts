/** Deeper data is compared as text. */
const deepest = 500;

const mark = '\u0000number:';

const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{}]|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * JSON data in which no digit is lost: a number that JavaScript cannot hold stands as a marked text. Undefined
 * for what is no JSON, and for data nested more than 500 deep.
 */
export function parseExactJson(text: string): { readonly value: unknown } | undefined {
  // First of all, so that what follows takes linear time: every text in it ends.
  if (!isJson(text)) return undefined;
  let depth = 0;
  let deepestFound = 0;
  const marked = text.replace(token, (found) => {
    if (found === '[' || found === '{') {
      depth += 1;
      deepestFound = Math.max(deepestFound, depth);
      return found;
    }
    if (found === ']' || found === '}') {
      depth -= 1;
      return found;
    }
    if (found.startsWith('"')) return found;
    const number = Number(found);
    const isExact = Number.isFinite(number) && decimalOf(String(number)) === decimalOf(found);
    return isExact ? found : JSON.stringify(`${mark}${decimalOf(found)}`);
  });
  return deepestFound > deepest ? undefined : { value: JSON.parse(marked) as unknown };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A value of `parseExactJson` as people write it: integers of any length, other long numbers as text. */
export function exactValue(value: unknown): unknown {
  if (typeof value === 'string' && value.startsWith(mark)) {
    const [, sign = '', digits = '', exponent = ''] =
      /^(-?)(\d+)e(-?\d+)$/.exec(value.slice(mark.length)) ?? [];
    const zeros = Number(exponent);
    if (zeros >= 0 && zeros < 400) return BigInt(`${sign}${digits}${'0'.repeat(zeros)}`);
    return `${sign}${digits}e${exponent}`;
  }
  if (Array.isArray(value)) return value.map(exactValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, exactValue(member)] as const),
  );
}

/** One spelling for each number: `1.0`, `1` and `10e-1` are `1e0`. */
function decimalOf(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  if (digits === '') return '0e0';
  const short = digits.replace(/0+$/, '');
  return `${sign}${short}e${Number(exponent) - fraction.length + digits.length - short.length}`;
}
