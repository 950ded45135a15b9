import type { LocalTargetConnectionNode } from '../../connection/grammar/target-connections.ts';
import type { LocalTarget } from '../../connection/local-proxies.ts';
import { compileLocalTarget } from '../../connection/local-target.ts';
import { requestTarget } from '../../connection/request-target.ts';
import { defaultSuccessCodes } from '../../connection/success-codes.ts';
import type { OnUnresolved } from '../../template/template.ts';
import { variableReference } from '../../variables/flow-variables.ts';
import type { CompileContext } from '../policy-type.ts';
import type { CalloutConnection } from './outgoing-call.ts';
import { effectiveVerb } from './request-variable.ts';

const requestUri = variableReference('servicecallout.requesturi');

/** Compiles a callout's LocalTargetConnection ("Connecting API proxies"). */
export function compileLocalCallout(
  node: LocalTargetConnectionNode,
  onUnresolved: OnUnresolved,
  { services, report }: CompileContext,
): CalloutConnection {
  const target = compileLocalTarget(node, report);
  return {
    isSuccess: defaultSuccessCodes,
    prepare(flow, message) {
      const local = target(flow, onUnresolved);
      const { path } = message;
      const query = message.query.text();
      const request = {
        method: effectiveVerb(message),
        path,
        query,
        headers: message.headers.lines().filter(([name]) => name.toLowerCase() !== 'host'),
        body: message.hasBody ? message.bytes : null,
      };
      return {
        async send(deadline) {
          const { clock } = flow.host;
          const controller = new AbortController();
          const timer = clock.after((deadline - clock.nanoseconds()) / 1e6, () => {
            controller.abort();
          });
          requestUri.write(flow.variables, requestTarget(localBase(local), { path, query }));
          const { signal } = controller;
          try {
            return await services.localProxies.call(
              local,
              { ...request, signal },
              flow.localDepth + 1,
            );
          } finally {
            timer.cancel();
          }
        },
      };
    },
  };
}

/** By name the base path is the called proxy's own affair; by path it is what is written. */
function localBase(target: LocalTarget): { readonly path: string; readonly query: string } {
  if (target.kind === 'endpoint') return { path: '', query: '' };
  const mark = target.path.indexOf('?');
  return mark < 0
    ? { path: target.path, query: '' }
    : { path: target.path.slice(0, mark), query: target.path.slice(mark + 1) };
}
