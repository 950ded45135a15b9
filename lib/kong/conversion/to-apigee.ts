import type { Diagnostic } from '../../diagnostic/diagnostic.ts';
import { parseTemplate } from '../../template/parse.ts';
import { placeOf, type KongPlugin } from '../plugin.ts';
import { loss, remark } from './loss.ts';
import { documentText, tag, type Tag } from './markup.ts';

export interface ConvertedToApigee {
  /** A ServiceCallout policy. */
  readonly xml: string;
  /** Warnings are what the policy cannot express; infos are worth knowing. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Where the answer goes that the plugin waits for and keeps nowhere. */
const unusedResponse = 'calloutResponse';
/** The plugin's own limits, in milliseconds. */
const timeouts = { whole: 10_000, connect: 5_000 };

/** Writes a plugin as a ServiceCallout policy that makes the same call. */
export function toApigee(plugin: KongPlugin): ConvertedToApigee {
  const policy = tag(
    'ServiceCallout',
    [
      tag('Request', [requestActions(plugin), tag('IgnoreUnresolvedVariables', 'true')].flat(), [
        ['variable', `${policyName(plugin)}.request`],
      ]),
      ...(plugin.mode === 'wait' ? [tag('Response', plugin.responseKey ?? unusedResponse)] : []),
      tag('Timeout', String(timeouts.whole)),
      tag('HTTPTargetConnection', [
        tag('Properties', [
          tag('Property', String(timeouts.connect), [['name', 'connect.timeout.millis']]),
        ]),
        tag('URL', plugin.url),
      ]),
    ],
    [
      ['name', policyName(plugin)],
      ['enabled', String(plugin.enabled)],
      ['continueOnError', String(plugin.onError === 'continue')],
    ],
  );
  return {
    xml: documentText(policy),
    diagnostics: [...losses(plugin)],
  };
}

/** A name that Apigee takes. */
export function policyName({ name }: Pick<KongPlugin, 'name'>): string {
  return `SC-${name.replace(/[^A-Za-z0-9_-]+/g, '-')}`;
}

function requestActions({ method, headers, body }: KongPlugin): readonly Tag[] {
  const payload =
    body.kind === 'request'
      ? [tag('Payload', '{request.content}')]
      : body.kind === 'shared'
        ? [tag('Payload', `{${body.key}}`)]
        : [];
  const named = [...headers].map(([name, value]) => tag('Header', value, [['name', name]]));
  return [
    tag('Set', [
      ...payload,
      tag('Verb', method),
      ...(named.length === 0 ? [] : [tag('Headers', named)]),
    ]),
  ];
}

function* losses(plugin: KongPlugin): Generator<Diagnostic> {
  const { url, headers, body, onError, mode, responseKey } = plugin;
  if (isTemplate(url)) {
    const message = 'The URL holds braces, which Apigee replaces by a variable.';
    yield loss(placeOf(plugin, 'callout_url'), message, 'Write them as %7B and %7D.');
  }
  for (const [name, value] of headers) {
    if (!isTemplate(value)) continue;
    const message = `The header ${name} holds braces, which Apigee replaces by a variable.`;
    yield loss(placeOf(plugin, 'headers'), message, 'Write the value without them.');
  }
  if (body.kind === 'shared' && !/^[A-Za-z_][\w.-]*$/.test(body.key)) {
    const message = `"${body.key}" cannot be the name of a flow variable.`;
    const hint = 'Choose a key of letters, digits, dots, hyphens and underscores.';
    yield loss(placeOf(plugin, 'request_body_source_name'), message, hint);
  }
  if (mode === 'wait' && onError !== 'continue') yield* failureLosses(plugin, onError);
  if (mode === 'wait' && responseKey !== undefined) {
    const message = `What Kong keeps as ${responseKey}.status, .headers and .body is the message ${responseKey}: ${responseKey}.status.code, ${responseKey}.header.NAME and ${responseKey}.content.`;
    const hint = 'Read the body with ExtractVariables or jsonPath where Kong decodes it.';
    yield remark(placeOf(plugin, 'response_to_shared_context_key'), message, hint);
  }
}

/** The fault has a status and a text of its own; only a fault rule can change them. */
function* failureLosses(
  plugin: KongPlugin,
  { status }: { readonly status: number },
): Generator<Diagnostic> {
  const hint = 'Add a fault rule with RaiseFault that answers so.';
  if (status !== 500) {
    const message = `A failed callout answers with 500, not with ${status}.`;
    yield loss(placeOf(plugin, 'on_error_status'), message, hint);
  }
  if (plugin.places.has('on_error_body')) {
    const message = "A failed callout answers with Apigee's own fault, not with on_error_body.";
    yield loss(placeOf(plugin, 'on_error_body'), message, hint);
  }
}

/** Whether Apigee would find something to replace in a text. */
export function isTemplate(text: string): boolean {
  const { parts } = parseTemplate(text, {
    prefix: '{',
    suffix: '}',
    dollarReferences: 'literal',
  });
  return parts.some((part) => part.kind !== 'text' || part.text.length !== part.end - part.start);
}
