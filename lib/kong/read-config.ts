import { parseTargetUrl } from '../connection/target-url.ts';
import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import type { LocatedEntry, LocatedMap } from '../environment/located-value.ts';
import { callMethods, type BodySource, type CallMethod, type KongPlugin } from './plugin.ts';

/** Fields of other callout plugins, and what they are here. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['url', 'callout_url'],
  ['uri', 'callout_url'],
  ['http_method', 'method'],
  ['verb', 'method'],
]);

const fieldNames: readonly string[] = [
  'callout_url',
  'method',
  'headers',
  'request_body_source_type',
  'request_body_source_name',
  'wait_for_response',
  'response_to_shared_context_key',
  'on_error_status',
  'on_error_body',
  'on_error_continue',
];

/** Reads the `config` of a plugin against the plugin's schema; undefined after an error. */
export function readConfig(
  node: LocatedMap,
  { name, enabled }: Pick<KongPlugin, 'name' | 'enabled'>,
  report: Report,
): KongPlugin | undefined {
  const fields = new ConfigFields(node, report);
  fields.refuseUnknown();
  const url = fields.url('callout_url');
  const type = fields.oneOf('request_body_source_type', bodySources, 'request_body');
  const source = fields.text('request_body_source_name');
  const body = fields.bodySource(type, source);
  const mode = fields.flag('wait_for_response', true) ? 'wait' : 'fire-and-forget';
  const onError = {
    status: fields.integer('on_error_status', 500, { from: 400, to: 599 }),
    body: fields.text('on_error_body') ?? 'External Callout failed.',
  };
  const plugin: KongPlugin = {
    name,
    enabled,
    url,
    method: fields.oneOf('method', callMethods, 'POST') satisfies CallMethod,
    headers: fields.texts('headers'),
    body,
    mode,
    responseKey: fields.text('response_to_shared_context_key'),
    onError: fields.flag('on_error_continue', false) ? 'continue' : onError,
    places: new Map([...node.entries].map(([field, entry]) => [field, entry.location] as const)),
    location: node.location,
  };
  return fields.hasFailed ? undefined : plugin;
}

const bodySources = ['request_body', 'shared_context', 'none'] as const;

/** The fields of one `config`; a field that is wrong is reported and reads as its default. */
class ConfigFields {
  hasFailed = false;
  readonly #node: LocatedMap;
  readonly #report: Report;

  constructor(node: LocatedMap, report: Report) {
    this.#node = node;
    this.#report = report;
  }

  refuseUnknown(): void {
    for (const [name, { location }] of this.#node.entries) {
      if (fieldNames.includes(name)) continue;
      const known = otherNames.get(name);
      const message = `"${name}" is no field of this plugin`;
      const hint = `Its fields are ${fieldNames.join(', ')}.`;
      if (known === undefined) this.#refuse(location, 'unknown-field', `${message}.`, hint);
      else {
        const meant = `${message}; it is called "${known}" here.`;
        this.#refuse(location, 'unknown-field', meant, `Rename it to "${known}".`);
      }
    }
  }

  url(name: string): string {
    const entry = this.#given(name);
    const text = this.text(name);
    if (text === undefined) {
      if (entry === undefined) {
        const hint = 'Give the whole URL of the service.';
        this.#refuse(this.#node.location, 'missing-field', `"${name}" is required.`, hint);
      }
      return '';
    }
    if (parseTargetUrl(text) === undefined) {
      const hint = 'Write it like https://host/path; variables have no place in it.';
      this.#refuseEntry(name, `"${name}" must be an http or https URL.`, hint);
    }
    return text;
  }

  text(name: string): string | undefined {
    const entry = this.#given(name);
    if (entry === undefined) return undefined;
    const { value } = entry;
    if (value.kind === 'scalar' && typeof value.value === 'string') return value.value;
    this.#refuseEntry(name, `"${name}" must be a text.`, 'Put it in quotes.');
    return undefined;
  }

  flag(name: string, otherwise: boolean): boolean {
    const entry = this.#given(name);
    if (entry === undefined) return otherwise;
    const { value } = entry;
    if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value;
    this.#refuseEntry(name, `"${name}" must be true or false.`, 'Write it without quotes.');
    return otherwise;
  }

  integer(
    name: string,
    otherwise: number,
    { from, to }: { readonly from: number; readonly to: number },
  ): number {
    const entry = this.#given(name);
    if (entry === undefined) return otherwise;
    const number = entry.value.kind === 'scalar' ? entry.value.value : undefined;
    if (typeof number === 'number' && Number.isInteger(number) && number >= from && number <= to)
      return number;
    const hint = 'Write it without quotes.';
    this.#refuseEntry(name, `"${name}" must be a whole number from ${from} to ${to}.`, hint);
    return otherwise;
  }

  oneOf<Value extends string>(name: string, values: readonly Value[], otherwise: Value): Value {
    const entry = this.#given(name);
    if (entry === undefined) return otherwise;
    const given = entry.value.kind === 'scalar' ? entry.value.value : undefined;
    const value = values.find((one) => one === given);
    if (value !== undefined) return value;
    const hint = `It is one of ${values.join(', ')}.`;
    this.#refuseEntry(name, `"${name}" has a value that is not allowed.`, hint);
    return otherwise;
  }

  /** Header values; anything but a text is refused. */
  texts(name: string): ReadonlyMap<string, string> {
    const entry = this.#given(name);
    if (entry === undefined) return new Map();
    if (entry.value.kind !== 'map') {
      const hint = 'Write "Name: value" below it.';
      this.#refuseEntry(name, `"${name}" must hold names and values.`, hint);
      return new Map();
    }
    const texts = new Map<string, string>();
    for (const [key, { value, location }] of entry.value.entries) {
      if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(key)) {
        const hint = 'Use letters, digits and hyphens.';
        this.#refuse(location, 'invalid-value', `${JSON.stringify(key)} is no header name.`, hint);
      } else if (value.kind !== 'scalar' || typeof value.value !== 'string') {
        const message = `The header "${key}" must be a text.`;
        this.#refuse(location, 'invalid-value', message, 'Put it in quotes.');
      } else if (/[\r\n\0]/.test(value.value)) {
        const message = `The header "${key}" holds a line break.`;
        this.#refuse(location, 'invalid-value', message, 'Write it on one line.');
      } else texts.set(key, value.value);
    }
    return texts;
  }

  bodySource(type: (typeof bodySources)[number], key: string | undefined): BodySource {
    switch (type) {
      case 'request_body':
        return { kind: 'request' };
      case 'none':
        return { kind: 'none' };
      case 'shared_context':
        if (key !== undefined && key !== '') return { kind: 'shared', key };
        this.#refuse(
          this.#given('request_body_source_name')?.location ??
            this.#given('request_body_source_type')?.location ??
            this.#node.location,
          'missing-field',
          '"request_body_source_name" is required with request_body_source_type shared_context.',
          'Name the key of kong.ctx.shared that holds the body.',
        );
        return { kind: 'none' };
    }
  }

  /** Null stands for a field that is left out, as in Kong. */
  #given(name: string): LocatedEntry | undefined {
    const entry = this.#node.entries.get(name);
    return entry?.value.kind === 'scalar' && entry.value.value === null ? undefined : entry;
  }

  #refuseEntry(name: string, message: string, hint: string): void {
    const location = this.#given(name)?.location ?? this.#node.location;
    this.#refuse(location, 'invalid-value', message, hint);
  }

  #refuse(location: Location, code: string, message: string, hint: string): void {
    this.hasFailed = true;
    this.#report(diagnosticAt(location, 'error', code, message, hint));
  }
}
