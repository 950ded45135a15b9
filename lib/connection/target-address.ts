import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import { compileTemplate, type OnUnresolved } from '../template/template.ts';
import type { Flow } from '../variables/flow.ts';
import { ConnectionError } from './connection-error.ts';
import type { HttpTargetConnectionNode } from './grammar/target-connections.ts';
import { parseTargetUrl, type TargetUrl } from './target-url.ts';

/** Where a call goes before a server is chosen. */
export type TargetAddress =
  | { readonly kind: 'url'; readonly text: string; readonly url: TargetUrl }
  /** One of the load balancer's servers, at this path and query. */
  | { readonly kind: 'servers'; readonly path: string; readonly query: string };

/** Resolves the address of one call; `override` replaces whatever the connection says. */
export type AddressOf = (
  flow: Flow,
  onUnresolved: OnUnresolved,
  override: string | undefined,
) => TargetAddress;

/** Compiles URL, or the Path beside a LoadBalancer. Values go into a URL as they are, unencoded. */
export function compileAddress(node: HttpTargetConnectionNode, report: Report): AddressOf {
  const address =
    node.loadBalancer === undefined ? compileUrl(node, report) : compilePath(node, report);
  return (flow, onUnresolved, override) =>
    override === undefined ? address(flow, onUnresolved) : urlAddress(override.trim());
}

type ResolvedAddress = (flow: Flow, onUnresolved: OnUnresolved) => TargetAddress;

function compileUrl(
  { url: node, location }: HttpTargetConnectionNode,
  report: Report,
): ResolvedAddress {
  const source = node?.value ?? '';
  const place = node?.textLocation ?? location;
  const template = compileTemplate(source, {
    location: place,
    report,
    dollarReferences: 'reference',
  });
  const { constant } = template;
  if (constant === undefined) {
    if (!/^https?:\/\//i.test(source)) {
      report(
        diagnosticAt(
          place,
          'warning',
          'templated-protocol',
          'The protocol of this URL comes from a variable.',
          'Write http:// or https:// literally, so that it is checked at deployment.',
        ),
      );
    }
    return (flow, onUnresolved) => urlAddress(template.render(flow, onUnresolved).trim());
  }
  if (constant !== '' && parseTargetUrl(constant) === undefined) {
    report(
      diagnosticAt(
        place,
        'warning',
        'malformed-url',
        `"${constant}" is no http or https URL: every call will fail.`,
        'Write an absolute URL, such as https://host/path.',
      ),
    );
  }
  let address: TargetAddress | undefined;
  return () => (address ??= urlAddress(constant));
}

function compilePath(
  { path: node, location }: HttpTargetConnectionNode,
  report: Report,
): ResolvedAddress {
  const template = compileTemplate(node?.value ?? '', {
    location: node?.textLocation ?? location,
    report,
  });
  return (flow, onUnresolved) => {
    const text = template.render(flow, onUnresolved).trim();
    const mark = text.indexOf('?');
    const path = mark < 0 ? text : text.slice(0, mark);
    return {
      kind: 'servers',
      path: path === '' || path.startsWith('/') ? path : `/${path}`,
      query: mark < 0 ? '' : text.slice(mark + 1),
    };
  };
}

function urlAddress(text: string): TargetAddress {
  const url = parseTargetUrl(text);
  if (url !== undefined) return { kind: 'url', text, url };
  throw new ConnectionError('malformed-url', `"${text}" is no http or https URL`);
}
