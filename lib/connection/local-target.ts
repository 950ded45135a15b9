import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import { compileTemplate, type OnUnresolved, type Template } from '../template/template.ts';
import type { Flow } from '../variables/flow.ts';
import type { LocalTargetConnectionNode } from './grammar/target-connections.ts';
import type { LocalTarget } from './local-proxies.ts';

/** Resolves which proxy one call means. */
export type LocalTargetOf = (flow: Flow, onUnresolved: OnUnresolved) => LocalTarget;

/** Compiles the names in a LocalTargetConnection; the proxy endpoint is `default` unless given. */
export function compileLocalTarget(
  { path, apiProxy, proxyEndpoint }: LocalTargetConnectionNode,
  report: Report,
): LocalTargetOf {
  const compiled = (leaf: LocalTargetConnectionNode['path']): Template | undefined =>
    leaf === undefined || (leaf.value ?? '') === ''
      ? undefined
      : compileTemplate(leaf.value ?? '', { location: leaf.textLocation, report });
  const pathTemplate = compiled(path);
  const proxy = compiled(apiProxy);
  const endpoint = compiled(proxyEndpoint);
  if (proxy === undefined && pathTemplate !== undefined) {
    return (flow, onUnresolved) => ({
      kind: 'path',
      path: pathTemplate.render(flow, onUnresolved).trim(),
    });
  }
  if (pathTemplate !== undefined && path !== undefined) {
    report(
      diagnosticAt(
        path.location,
        'warning',
        'local-path-ignored',
        'Path has no effect beside APIProxy.',
        'Leave either Path, or APIProxy and ProxyEndpoint.',
      ),
    );
  }
  return (flow, onUnresolved) => ({
    kind: 'endpoint',
    proxy: proxy?.render(flow, onUnresolved).trim() ?? '',
    endpoint: endpoint?.render(flow, onUnresolved).trim() ?? 'default',
  });
}
