import { stringify } from 'yaml';
import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';
import type { ActionNode, SetNode } from '../../policies/message-actions/grammar.ts';
import type { ServiceCalloutPolicy } from '../../policies/service-callout/grammar.ts';
import { callMethods, pluginName } from '../plugin.ts';
import { loss, remark } from './loss.ts';
import { isTemplate } from './to-apigee.ts';

/** The `config` of a plugin as a configuration has it; what is the default is left out. */
export interface PluginConfig {
  callout_url: string;
  method?: string;
  headers?: Record<string, string>;
  request_body_source_type?: 'request_body' | 'shared_context' | 'none';
  request_body_source_name?: string;
  wait_for_response?: boolean;
  response_to_shared_context_key?: string;
  on_error_continue?: boolean;
}

export interface ConvertedToKong {
  /** A declarative configuration with one plugin. */
  readonly yaml: string;
  readonly config: PluginConfig;
  /** Warnings are what the plugin cannot express; infos are worth knowing. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Writes a ServiceCallout policy as a plugin that makes the same call, as far as it can. */
export function toKong(policy: ServiceCalloutPolicy): ConvertedToKong {
  const conversion = new Conversion(policy);
  const config = conversion.config();
  const plugin = {
    name: pluginName,
    instance_name: policy.name,
    ...(policy.enabled ? {} : { enabled: false }),
    config,
  };
  return {
    yaml: stringify({ _format_version: '3.0', plugins: [plugin] }, { lineWidth: 0 }),
    config,
    diagnostics: conversion.diagnostics,
  };
}

/** What the request says of itself, action after action. */
interface Outgoing {
  method: string;
  readonly headers: Map<string, { readonly name: string; readonly value: string }>;
  readonly query: string[];
  path: string | undefined;
  body:
    | { readonly kind: 'none' }
    | { readonly kind: 'request' }
    | { readonly kind: 'shared'; readonly key: string };
}

class Conversion {
  readonly diagnostics: Diagnostic[] = [];
  readonly #policy: ServiceCalloutPolicy;

  constructor(policy: ServiceCalloutPolicy) {
    this.#policy = policy;
  }

  config(): PluginConfig {
    const { continueOnError, response } = this.#policy;
    const outgoing = this.#outgoing();
    const url = this.#url(outgoing);
    this.#restOfConnection();
    this.#timing();
    const key = (response?.value ?? '').trim();
    const waits = key !== '';
    const { body, headers } = outgoing;
    if (waits) this.#readOtherwise(key);
    return {
      callout_url: url,
      method: outgoing.method,
      ...(headers.size === 0
        ? {}
        : {
            headers: Object.fromEntries(
              [...headers.values()].map(({ name, value }) => [name, value] as const),
            ),
          }),
      ...bodyConfig(body),
      ...(waits ? { response_to_shared_context_key: key } : { wait_for_response: false }),
      ...(continueOnError && waits ? { on_error_continue: true } : {}),
    };
  }

  #outgoing(): Outgoing {
    const { request } = this.#policy;
    const outgoing: Outgoing = {
      method: 'GET',
      headers: new Map(),
      query: [],
      path: undefined,
      body: { kind: 'none' },
    };
    const variable = request?.variable ?? '';
    if (/^(?:request|message)$/i.test(variable) && request !== undefined) {
      const message = `The variable ${variable} sends the client's whole request: its verb, headers and parameters.`;
      this.#lose(request.location, message, 'Name the headers that the service needs.');
      outgoing.body = { kind: 'request' };
    }
    let hasVerb = false;
    for (const action of request?.actions ?? []) {
      if (action.type === 'Set' && action.verb !== undefined) hasVerb = true;
      this.#action(action, outgoing);
    }
    // A request with a body and without a verb is a POST ("ServiceCallout policy").
    if (!hasVerb && outgoing.body.kind !== 'none') outgoing.method = 'POST';
    return outgoing;
  }

  #action(action: ActionNode, outgoing: Outgoing): void {
    switch (action.type) {
      case 'Set':
        this.#set(action, outgoing);
        return;
      case 'Add':
        this.#headers(action, outgoing);
        this.#query(action, outgoing);
        this.#noForm(action);
        return;
      case 'Copy': {
        const { payload, ...others } = action;
        const source = action.source ?? 'message';
        const parts = [others.headers, others.queryParams, others.formParams, others.verb];
        const isBodyOnly =
          payload !== undefined &&
          [...parts, others.path, others.version].every((part) => part === undefined);
        if (isBodyOnly && /^(?:request|message)$/i.test(source)) {
          outgoing.body = { kind: 'request' };
          return;
        }
        const message = `Copy from ${source} takes parts of another message, which the plugin cannot.`;
        this.#lose(action.location, message, 'Write fixed headers, or only copy the payload.');
        if (payload !== undefined) outgoing.body = { kind: 'request' };
        return;
      }
      case 'Remove': {
        const message = 'Remove has nothing to work on: the plugin starts with an empty request.';
        this.#lose(action.location, message, 'Leave out what is removed.');
      }
    }
  }

  #set(action: SetNode, outgoing: Outgoing): void {
    const { verb, path, payload, statusCode, reasonPhrase, version } = action;
    if (verb !== undefined) outgoing.method = this.#method(verb);
    if (path !== undefined) {
      const text = path.value ?? '';
      if (isTemplate(text)) {
        const message = 'The path depends on variables; the URL of the plugin is fixed.';
        this.#lose(path.location, message, 'Write the path in full.');
      } else outgoing.path = text;
    }
    this.#headers(action, outgoing);
    this.#query(action, outgoing);
    this.#noForm(action);
    if (payload !== undefined) this.#payload(payload, outgoing);
    for (const part of [statusCode, reasonPhrase, version]) {
      if (part === undefined) continue;
      const message = 'A request of the plugin has no such part.';
      this.#lose(part.location, message, 'Leave it out.');
    }
  }

  #method(verb: NonNullable<SetNode['verb']>): string {
    const given = (verb.value ?? '').trim();
    const known = callMethods.find((method) => method === given.toUpperCase());
    if (known !== undefined && given === known) return known;
    this.#lose(
      verb.location,
      `The verb ${given} is none that the plugin has.`,
      `It is one of ${callMethods.join(', ')}, fixed.`,
    );
    return known ?? 'POST';
  }

  #headers(action: Pick<SetNode, 'headers'>, outgoing: Outgoing): void {
    for (const { name = '', value = '', location } of action.headers?.header ?? []) {
      if (isTemplate(value)) {
        const message = `The header ${name} depends on variables; headers of the plugin are fixed.`;
        this.#lose(location, message, 'Let a plugin before it set what the service needs.');
        continue;
      }
      const key = name.toLowerCase();
      if (outgoing.headers.has(key)) {
        const message = `The header ${name} occurs twice; the plugin has one value for a name.`;
        this.#lose(location, message, 'Join the values by a comma.');
      }
      outgoing.headers.set(key, { name, value });
    }
  }

  #query(action: Pick<SetNode, 'queryParams'>, outgoing: Outgoing): void {
    for (const { name = '', value = '', location } of action.queryParams?.queryParam ?? []) {
      if (isTemplate(value)) {
        const message = `The query parameter ${name} depends on variables; the URL of the plugin is fixed.`;
        this.#lose(location, message, 'Send it in the body, from kong.ctx.shared.');
      } else {
        outgoing.query.push(`${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
      }
    }
  }

  #noForm(action: Pick<SetNode, 'formParams'>): void {
    if (action.formParams === undefined) return;
    const message = 'The plugin cannot make a form.';
    const hint = 'Put the encoded form in kong.ctx.shared and send that.';
    this.#lose(action.formParams.location, message, hint);
  }

  #payload(payload: NonNullable<SetNode['payload']>, outgoing: Outgoing): void {
    const text = (payload.value ?? '').trim();
    const { contentType = '', location } = payload;
    if (contentType !== '') this.#contentType(contentType, location, outgoing);
    const { variablePrefix = '{', variableSuffix = '}' } = payload;
    const isWhole = text.startsWith(variablePrefix) && text.endsWith(variableSuffix);
    const name = isWhole ? text.slice(variablePrefix.length, -variableSuffix.length) : '';
    if (/^(?:request|message)(?:\.content)?$/.test(name)) outgoing.body = { kind: 'request' };
    else if (/^[A-Za-z_][\w.-]*$/.test(name)) outgoing.body = { kind: 'shared', key: name };
    else if (text === '') outgoing.body = { kind: 'none' };
    else {
      const key = `${this.#policy.name}-body`;
      const message = `The plugin cannot write a body of its own; it sends what kong.ctx.shared["${key}"] holds.`;
      this.#lose(location, message, `Have a plugin before it make the body under "${key}".`);
      outgoing.body = { kind: 'shared', key };
    }
    if (outgoing.body.kind === 'shared' && !this.#ignoresUnresolved()) {
      const message = `Without ${outgoing.body.key} the policy faults; the plugin sends no body.`;
      this.#lose(location, message, 'Check the value before the callout.');
    }
  }

  #ignoresUnresolved(): boolean {
    return this.#policy.request?.ignoreUnresolvedVariables?.value === true;
  }

  #contentType(contentType: string, location: Location, outgoing: Outgoing): void {
    if (isTemplate(contentType)) {
      const message = 'The content type depends on variables; headers of the plugin are fixed.';
      this.#lose(location, message, 'Write it in full.');
    } else {
      outgoing.headers.set('content-type', { name: 'Content-Type', value: contentType });
    }
  }

  #url({ path, query }: Outgoing): string {
    const { httpTargetConnection, localTargetConnection } = this.#policy;
    if (httpTargetConnection?.url === undefined) {
      const where = localTargetConnection ?? httpTargetConnection ?? this.#policy;
      const message =
        'The plugin needs a fixed URL: it knows no target servers and no local proxies.';
      this.#lose(where.location, message, 'Give the URL of the service, or of a Kong upstream.');
      return 'http://service.invalid/';
    }
    const { url } = httpTargetConnection;
    const text = (url.value ?? '').trim();
    if (isTemplate(text)) {
      const message = 'The URL depends on variables; that of the plugin is fixed.';
      this.#lose(url.location, message, 'Write it in full.');
      return 'http://service.invalid/';
    }
    return joined(text, path, query);
  }

  /** Everything of the connection but its URL. */
  #restOfConnection(): void {
    const { httpTargetConnection, localTargetConnection } = this.#policy;
    if (httpTargetConnection === undefined || localTargetConnection !== undefined) return;
    const known = new Set(['url', 'properties', 'location', 'type']);
    for (const [part, value] of Object.entries(httpTargetConnection)) {
      const node: unknown = value;
      if (known.has(part) || typeof node !== 'object' || node === null) continue;
      if (!('location' in node)) continue;
      const message = `The plugin has nothing that is like ${part} of the connection.`;
      this.#lose(node.location as Location, message, 'Configure it in Kong, outside the plugin.');
    }
    for (const { name, value = '', location } of httpTargetConnection.properties?.property ?? []) {
      if (name === 'connect.timeout.millis' && value === '5000') continue;
      const message = `The plugin has no setting like the property ${name}.`;
      this.#lose(location, message, 'Its limits are fixed: 5 s to connect, 10 s in all.');
    }
  }

  #timing(): void {
    const { timeout, location } = this.#policy;
    if (timeout?.value === 10_000) return;
    const message = `The plugin gives up after 10 s, the policy after ${(timeout?.value ?? 55_000) / 1000} s.`;
    this.#lose(timeout?.location ?? location, message, 'It cannot be configured.');
  }

  #readOtherwise(key: string): void {
    const { response, location } = this.#policy;
    const message = `What the policy keeps as the message ${key} is the table ${key} in kong.ctx.shared: .status, .headers, .body, the body decoded where it is JSON.`;
    const hint = 'Read it there in the plugins that follow.';
    this.diagnostics.push(remark(response?.location ?? location, message, hint));
  }

  #lose(location: Location, message: string, hint: string): void {
    this.diagnostics.push(loss(location, message, hint));
  }
}

function bodyConfig(body: Outgoing['body']): Partial<PluginConfig> {
  switch (body.kind) {
    case 'none':
      return { request_body_source_type: 'none' };
    case 'request':
      return { request_body_source_type: 'request_body' };
    case 'shared':
      return {
        request_body_source_type: 'shared_context',
        request_body_source_name: body.key,
      };
  }
}

/** A path that the policy sets takes the place of the URL's; its query parameters follow the URL's. */
function joined(url: string, path: string | undefined, query: readonly string[]): string {
  const [address = '', ...own] = url.split('?');
  const origin = /^https?:\/\/[^/]*/i.exec(address)?.[0] ?? address;
  const place = path === undefined ? address : `${origin}${path.startsWith('/') ? '' : '/'}${path}`;
  const all = [own.join('?'), ...query].filter((part) => part !== '').join('&');
  return all === '' ? place : `${place}?${all}`;
}
