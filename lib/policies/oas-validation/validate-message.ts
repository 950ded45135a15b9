import type { Message } from '../../message/message.ts';
import { validateBody } from './body.ts';
import { isObject, member, type JsonObject } from './json-pointer.ts';
import { compileOperations, type FoundOperation, type Operation } from './operation.ts';
import { validateParameter, type Parameter, type RequestParts } from './parameter.ts';
import { SchemaValidators } from './schema-validators.ts';

/** What a policy leaves open to a request, and whether bodies are looked into. */
export interface ValidationOptions {
  readonly bodies: 'validated' | 'ignored';
  readonly unspecified: Readonly<Record<'header' | 'query' | 'cookie', 'allowed' | 'refused'>>;
}

/** The operation that a message belongs to. */
export interface OperationName {
  readonly verb: string;
  /** Without the base path of the proxy. */
  readonly path: string;
}

/** Headers that clients, proxies and HTTP itself add to any request. */
const standardHeaders =
  /^(?:accept|accept-.*|authorization|cache-control|connection|content-.*|cookie|date|expect|forwarded|from|host|if-.*|keep-alive|origin|pragma|range|referer|sec-.*|te|trailer|transfer-encoding|upgrade|upgrade-insecure-requests|user-agent|via|x-cloud-trace-context|x-forwarded-.*|x-real-ip|x-request-id)$/;

/** Says what is wrong with a message; nothing if it fits the document. */
export type ValidateMessage = (message: Message, name: OperationName) => readonly string[];

export function compileValidation(
  document: JsonObject,
  options: ValidationOptions,
): ValidateMessage {
  const find = compileOperations(document);
  const keys = securityParameters(document);
  const requests = new SchemaValidators(document, 'request');
  const responses = new SchemaValidators(document, 'response');
  return (message, name) => {
    const found = find(name.verb, name.path);
    if (found.kind !== 'found') return [notFound(found, name)];
    return message.kind === 'response'
      ? validateResponse(message, name, found.operation, options, responses)
      : validateRequest(message, name, found, options, requests, keys);
  };
}

function notFound(
  { kind }: Exclude<FoundOperation, { kind: 'found' }>,
  name: OperationName,
): string {
  return kind === 'no-path'
    ? `No API path found that matches request '${name.path}'.`
    : `${name.verb} operation not allowed on path '${name.path}'.`;
}

function validateRequest(
  message: Message,
  { path }: OperationName,
  { operation, pathValues }: Extract<FoundOperation, { kind: 'found' }>,
  { bodies, unspecified }: ValidationOptions,
  validators: SchemaValidators,
  keys: ReadonlySet<string>,
): readonly string[] {
  const parts: RequestParts = { message, path, pathValues, cookies: cookiesOf(message) };
  const messages = operation.parameters.flatMap((parameter) =>
    validateParameter(parameter, parts, validators),
  );
  for (const place of ['query', 'header', 'cookie'] as const) {
    if (unspecified[place] === 'refused')
      messages.push(...unexpected(place, parts, operation, keys));
  }
  const body = operation.requestBody;
  if (body === undefined) return messages;
  if (!message.hasBody) {
    if (member(body.value, 'required') === true) {
      messages.push('A request body is required but none found.');
    }
  } else if (bodies === 'validated') {
    messages.push(...validateBody(message, body, validators));
  }
  return messages;
}

function validateResponse(
  message: Message,
  { path }: OperationName,
  { responses }: Operation,
  { bodies }: ValidationOptions,
  validators: SchemaValidators,
): readonly string[] {
  const status = String(message.statusCode ?? 200);
  const response =
    responses.get(status) ?? responses.get(`${status.charAt(0)}XX`) ?? responses.get('DEFAULT');
  if (response === undefined) return [`Response status ${status} not defined for path '${path}'.`];
  return bodies === 'validated' && message.hasBody
    ? validateBody(message, response, validators)
    : [];
}

function unexpected(
  place: 'query' | 'header' | 'cookie',
  { message, path, cookies }: RequestParts,
  { parameters }: Operation,
  keys: ReadonlySet<string>,
): readonly string[] {
  const kind = place.charAt(0).toUpperCase() + place.slice(1);
  return namesOf(place, message, cookies)
    .filter((name) => !parameters.some((one) => one.place === place && isNamed(one, name)))
    .filter((name) => !keys.has(`${place} ${name.toLowerCase()}`))
    .filter((name) => place !== 'header' || !standardHeaders.test(name.toLowerCase()))
    .map((name) => `${kind} parameter '${name}' is unexpected on path '${path}'.`);
}

function namesOf(
  place: 'query' | 'header' | 'cookie',
  message: Message,
  cookies: ReadonlyMap<string, string>,
): readonly string[] {
  if (place === 'query') return message.query.names();
  return place === 'header' ? message.headers.names() : [...cookies.keys()];
}

function isNamed({ name, place, style }: Parameter, written: string): boolean {
  if (place === 'header') return name.toLowerCase() === written.toLowerCase();
  if (style.style === 'deepObject') return written.startsWith(`${name}[`);
  const isExploded = place === 'query' && style.type === 'object' && style.explode;
  return name === written || (isExploded && style.memberTypes.has(written));
}

/** Keys that security schemes expect in queries, headers and cookies, which no parameter names. */
function securityParameters(document: JsonObject): ReadonlySet<string> {
  const schemes = member(member(document, 'components'), 'securitySchemes');
  return new Set(
    Object.values(isObject(schemes) ? schemes : {}).map(
      (scheme) => `${String(member(scheme, 'in'))} ${String(member(scheme, 'name')).toLowerCase()}`,
    ),
  );
}

function cookiesOf({ headers }: Message): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const pair of (headers.text('Cookie') ?? '').split(';')) {
    const equals = pair.indexOf('=');
    if (equals > 0) cookies.set(pair.slice(0, equals).trim(), pair.slice(equals + 1).trim());
  }
  return cookies;
}
