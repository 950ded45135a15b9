import { wholeNumber } from '../xml/grammar/value.ts';
import type { Flow } from '../variables/flow.ts';
import { flowValueText, variableReference } from '../variables/flow-variables.ts';
import type { TokenProvider } from './google-tokens.ts';
import type { AuthenticationNode } from './grammar/target-connections.ts';

/** `GoogleIDToken` with no audience: neither text, nor a ref that resolves, nor the target's URL. */
export class EmptyAudienceError extends Error {}

/** The header that carries a connection's token. */
export interface Authentication {
  /** Name of the header; Authorization unless the policy or its variable says otherwise. */
  headerName(flow: Flow): string;
  /**
   * The header's value, `Bearer TOKEN`. `targetUrl` may hold a query; it is empty if there is none.
   * @throws {EmptyAudienceError}
   * @throws {TokenError} when no token could be had
   */
  value(flow: Flow, targetUrl: string): Promise<string>;
}

type TokenNode = AuthenticationNode['token'][number];
type AccessTokenNode = Extract<TokenNode, { type: 'GoogleAccessToken' }>;
type IdTokenNode = Extract<TokenNode, { type: 'GoogleIDToken' }>;

const defaultLifetime = 3_600;

/** Compiles an Authentication element; undefined if it holds no token, which its check reports. */
export function compileAuthentication(
  node: AuthenticationNode | undefined,
  tokens: TokenProvider,
): Authentication | undefined {
  const token = node?.token[0];
  if (token === undefined) return undefined;
  const header = referredText(node?.headerName);
  const mint =
    token.type === 'GoogleAccessToken' ? accessToken(token, tokens) : idToken(token, tokens);
  return {
    headerName: (flow) => header(flow) ?? 'Authorization',
    value: async (flow, targetUrl) => `Bearer ${await mint(flow, targetUrl)}`,
  };
}

type Mint = (flow: Flow, targetUrl: string) => Promise<string>;

function accessToken(node: AccessTokenNode, tokens: TokenProvider): Mint {
  // The documentation's examples sometimes wrap a scope in double quotes.
  const scopes = (node.scopes?.scope ?? [])
    .map(({ value = '' }) => value.replace(/^"(.*)"$/, '$1').trim())
    .filter((scope) => scope !== '');
  const lifetime = referredText(stringified(node.lifetimeInSeconds));
  return (flow) =>
    tokens.accessToken({
      scopes,
      lifetimeSeconds: wholeNumber(lifetime(flow) ?? '') ?? defaultLifetime,
    });
}

function idToken(node: IdTokenNode, tokens: TokenProvider): Mint {
  const audience = referredText(node.audience);
  const includeEmail = referredText(stringified(node.includeEmail));
  const useTargetUrl = node.audience?.useTargetUrl === true;
  return async (flow, targetUrl) => {
    const named = audience(flow) ?? (useTargetUrl ? withoutQuery(targetUrl) : '');
    if (named === '') throw new EmptyAudienceError('The ID token has no audience');
    return tokens.idToken({
      audience: named,
      includeEmail: includeEmail(flow)?.toLowerCase() === 'true',
    });
  };
}

function withoutQuery(url: string): string {
  const mark = url.search(/[?#]/);
  return mark < 0 ? url : url.slice(0, mark);
}

interface ReferringNode {
  readonly ref: string | undefined;
  readonly value: string | undefined;
}

function stringified(
  node:
    { readonly ref: string | undefined; readonly value: number | boolean | undefined } | undefined,
): ReferringNode | undefined {
  return node === undefined ? undefined : { ref: node.ref, value: node.value?.toString() };
}

/** The value of the variable that `ref` names, else the element's text; undefined if both are empty. */
function referredText(node: ReferringNode | undefined): (flow: Flow) => string | undefined {
  const fallback = node?.value === '' ? undefined : node?.value;
  if (node?.ref === undefined || node.ref === '') return () => fallback;
  const reference = variableReference(node.ref);
  return (flow) => {
    const value = flowValueText(reference.read(flow.variables)).trim();
    return value === '' ? fallback : value;
  };
}
