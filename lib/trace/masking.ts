/** What stands in the place of a secret, as in Apigee's own debug sessions. */
export const mask = '*****';

const secretWords = [
  '(?:api|access|secret|private|subscription|function|signing|encryption)[-_]?key',
  'authorization',
  'cookie',
  'credential',
  'passphrase',
  'passw(?:or)?d',
  'secret',
  'session[-_]?id',
  'signature',
  // Also id_token, X-Amz-Security-Token, ...
  'token(?![-_]?(?:type|exp))',
  'client[-_]?assertion(?![-_]?type)',
].join('|');

const secretName = new RegExp(secretWords, 'i');

/** Whether the values of a header, a parameter or a field of that name are nobody's business. */
export function isSecretName(name: string): boolean {
  return secretName.test(name);
}

const messagePart = /\.(?:header|queryparam|formparam)\.(.*)$/is;

/**
 * Whether a flow variable's value is masked: `private.*` ("Debug masking"), a secret header or parameter of
 * a message, and a name whose last part is secret, such as `oauthv2accesstoken.GenerateToken.access_token`.
 */
export function isSecretVariable(name: string): boolean {
  if (/^private(?:\.|$)/i.test(name)) return true;
  const part = messagePart.exec(name)?.[1];
  return isSecretName(part ?? name.slice(name.lastIndexOf('.') + 1));
}

// Every pattern begins with a literal or at a boundary, and runs on over characters among which it cannot
// begin again, so that no text takes time squared.
const word = String.raw`[\w.$-]{0,100}`;
const named = String.raw`${word}(?:${secretWords})${word}`;
const start = String.raw`(?<![\w.$-])`;

/** A scheme and its credentials: `Bearer abc`, wherever in a text. */
const schemes = /(?<!\w)(Bearer|Basic|Digest|Negotiate)( {1,8})[^\s"'<>,;]{4,}/gi;
/** A JSON Web Token, or as much of one as is there. */
const webToken = /(?<![\w.-])eyJ[\w-]+\.[\w.-]*/g;
/** `?apikey=abc`, `password=abc`, `a=1; token=abc`. */
const assigned = new RegExp(String.raw`${start}(${named}=)[^&;\s"'<>]+`, 'gi');
/** `"access_token": "abc"`, also where a text ends before the value does, and when the JSON is quoted itself. */
const quoted = new RegExp(
  String.raw`${start}(${named}\\?["']\s{0,8}:\s{0,8})(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|\\"(?:[^"\\]|\\[^"])*(?:\\"|\\?$)|'[^']*(?:'|$)|[^\s,}\]"'\\]+)`,
  'gis',
);
/** `<Password>abc</Password>` */
const element = new RegExp(
  String.raw`(<(?:[\w.-]{1,50}:)?${named}(?:\s[^<>]{0,200})?>)[^<]+`,
  'gi',
);
/** `scheme://user:password@host` */
const userInfo = /(:\/\/)[^\s/?#@"'<>]{1,200}@/g;

/** Each with a piece that a text must have to match at all, since nearly all texts have none of them. */
const rules: readonly (readonly [piece: string, pattern: RegExp, replacement: string])[] = [
  [' ', schemes, `$1$2${mask}`],
  ['eyJ', webToken, mask],
  ['=', assigned, `$1${mask}`],
  [':', quoted, `$1"${mask}"`],
  ['<', element, `$1${mask}`],
  ['@', userInfo, `$1${mask}@`],
];

/** A text without the secrets that can be told by their form. */
export function masked(text: string): string {
  return rules.reduce(
    (safe, [piece, pattern, replacement]) =>
      safe.includes(piece) ? safe.replace(pattern, replacement) : safe,
    text,
  );
}
