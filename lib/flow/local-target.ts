import type { LocalTargetConnectionNode } from '../connection/grammar/target-connections.ts';
import type { LocalTarget } from '../connection/local-proxies.ts';
import { compileLocalTarget as compileTarget } from '../connection/local-target.ts';
import { defaultSuccessCodes } from '../connection/success-codes.ts';
import { Message } from '../message/message.ts';
import type { CompileContext } from '../policies/policy-type.ts';
import { bodyToSend } from './content-encoding.ts';
import { keepResponse, type TargetCall } from './target-call.ts';
import { targetFailure, TargetStatusFault, unresolvedVariable } from './target-faults.ts';
import { copiedParts } from './target-request.ts';
import { forgetUrl, overridingUrl } from './target-url-variables.ts';
import type { ProxyTransaction } from './proxy-transaction.ts';

/** Compiles a LocalTargetConnection of a target endpoint ("Connecting API proxies"). */
export function compileLocalTargetCall(
  node: LocalTargetConnectionNode,
  { report, services }: CompileContext,
): TargetCall {
  const target = compileTarget(node, report);
  return {
    announce(transaction) {
      // A local target has no URL of its own, but a flow may write one.
      forgetUrl(transaction);
    },
    async send(transaction) {
      const { variables, proxy } = transaction;
      const request = variables.message('request') ?? new Message('request');
      const copied = copiedParts(variables, {
        pathSuffix: proxy.pathSuffix,
        query: request.query.text(),
      });
      const configured = target(transaction, unresolvedVariable);
      const written = configured.kind === 'path' ? writtenPath(transaction) : undefined;
      const called: LocalTarget =
        written === undefined ? configured : { kind: 'path', path: written };
      await transaction.bodies.takeIn();
      const body = await bodyToSend(request, transaction.compressedRequest);
      try {
        const response = await services.localProxies.call(
          called,
          {
            method: request.verb ?? 'GET',
            path: written === undefined ? copied.path : '',
            query: copied.query,
            headers: request.headers.lines().filter(([name]) => name.toLowerCase() !== 'host'),
            body: body.byteLength === 0 ? null : body,
            signal: undefined,
            ...(transaction.deadline === undefined ? {} : { deadline: transaction.deadline }),
          },
          transaction.localDepth + 1,
        );
        return keepResponse(transaction, response, 'all');
      } catch (error) {
        throw targetFailure(error);
      }
    },
    checkStatus(response) {
      const status = response.statusCode ?? 200;
      if (!defaultSuccessCodes(status)) throw new TargetStatusFault(status);
    },
  };
}

/** The path of the URL that a flow wrote for the call; which host it names makes no difference. */
function writtenPath(transaction: ProxyTransaction): string | undefined {
  const url = overridingUrl(transaction);
  return url !== undefined && URL.canParse(url) ? new URL(url).pathname : undefined;
}
