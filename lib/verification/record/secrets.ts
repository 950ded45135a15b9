import { isSecretName } from '../../trace/masking.ts';

/** Where a secret was seen: in what a client or an upstream sent, or only in what came of it. */
export type Provenance = 'given' | 'made';

/** Shorter secrets are masked where their name tells, and not wherever the same letters stand. */
const shortest = 6;

/** Names that say a secret, beside those that traces mask. */
const more = /jwt|saml|one[-_]?time|^otp$|^pin$|x[-_]auth/i;

/**
 * The secrets that a recording has met, each with what stands in its place: the same everywhere, so that
 * what a proxy does with a secret can still be followed.
 */
export class Secrets {
  readonly #names: ReadonlySet<string>;
  readonly #replacements = new Map<string, string>();
  readonly #made = new Set<string>();
  #pattern: RegExp | undefined;
  #variants = new Map<string, string>();

  /** @param names further names of headers, parameters and members whose values are masked */
  constructor(names: readonly string[] = []) {
    this.#names = new Set(names.map((name) => name.toLowerCase()));
  }

  isSecret(name: string): boolean {
    return isSecretName(name) || more.test(name) || this.#names.has(name.toLowerCase());
  }

  learn(value: string, provenance: Provenance): void {
    if (value.trim() === '') return;
    const isNew = !this.#replacements.has(value);
    if (isNew) this.#replacements.set(value, `masked-${this.#replacements.size + 1}`);
    if (isNew && provenance === 'made') this.#made.add(value);
    this.#pattern = undefined;
  }

  /** Learns the secrets in a value with a secret name, such as the token of `Bearer TOKEN`. */
  learnNamed(name: string, value: string, provenance: Provenance): void {
    for (const secret of credentials(name, value)) this.learn(secret, provenance);
    const basic = basicCredentials(value);
    if (basic === undefined) return;
    this.learn(basic.password, provenance);
    // It still is what a policy can decode.
    const masked = Buffer.from(`${basic.user}:${this.#replacement(basic.password)}`);
    this.#replacements.set(basic.encoded, masked.toString('base64'));
  }

  /** Whether a text holds a secret that neither a client nor an upstream gave. */
  holdsMade(text: string): boolean {
    return [...this.#made].some((secret) => secret.length >= shortest && text.includes(secret));
  }

  /** A text without the secrets that are known. */
  masked(text: string): string {
    return text.replace(this.#known(), (found) => this.#variants.get(found) ?? found);
  }

  /**
   * The value of a secret name, masked whatever its length; undefined if what it holds was neither a
   * client's nor an upstream's.
   */
  maskedNamed(name: string, value: string): string | undefined {
    let text = value;
    for (const secret of credentials(name, value)) {
      if (this.#made.has(secret)) return undefined;
      text = text.replaceAll(secret, this.#replacement(secret));
    }
    return this.masked(text);
  }

  #replacement(secret: string): string {
    // What is masked already stays as it is.
    return this.#replacements.get(secret) ?? (/^masked-\d+$/.test(secret) ? secret : 'masked');
  }

  /** Every spelling of every secret that is long enough, the longest first. */
  #known(): RegExp {
    if (this.#pattern !== undefined) return this.#pattern;
    this.#variants = new Map(
      [...this.#replacements]
        .filter(([secret]) => secret.length >= shortest)
        .flatMap(([secret, replacement]) =>
          spellings.map((spell) => [spell(secret), spell(replacement)] as const),
        ),
    );
    const texts = [...this.#variants.keys()].sort((one, other) => other.length - one.length);
    const escaped = texts.map((text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
    // Nothing is found where nothing is known.
    this.#pattern = escaped.length === 0 ? /(?!)/g : new RegExp(escaped.join('|'), 'g');
    return this.#pattern;
  }
}

const spellings: readonly ((text: string) => string)[] = [
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(text).toString('base64url'),
  (text) => JSON.stringify(text).slice(1, -1),
  (text) => new URLSearchParams([['', text]]).toString().slice(1),
  (text) => encodeURIComponent(Buffer.from(text).toString()),
  (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  (text) => text,
];

/** The secrets in a value: of cookies their values, of an authorization what follows the scheme. */
function credentials(name: string, value: string): readonly string[] {
  const lower = name.toLowerCase();
  if (lower === 'cookie') return value.split(';').map(afterEquals);
  if (lower === 'set-cookie') return [afterEquals(value.split(';')[0] ?? '')];
  if (!lower.includes('authorization')) return [value];
  return [value.replace(/^\s*[\w-]+ +(?=\S)/, '').trim()];
}

function afterEquals(text: string): string {
  return text.slice(text.indexOf('=') + 1).trim();
}

function basicCredentials(value: string) {
  const encoded = /^\s*Basic +([\w+/=-]+)\s*$/i.exec(value)?.[1];
  if (encoded === undefined) return undefined;
  const [, user = '', password = ''] =
    /^([^:]*):(.+)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  return password === '' ? undefined : { encoded, user, password };
}
