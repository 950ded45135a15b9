import type { LocalTargetConnectionNode } from '../connection/grammar/target-connections.ts';
import { compileLocalTarget as compileTarget } from '../connection/local-target.ts';
import { defaultSuccessCodes } from '../connection/success-codes.ts';
import { Message } from '../message/message.ts';
import type { CompileContext } from '../policies/policy-type.ts';
import { bodyToSend } from './content-encoding.ts';
import { keepResponse, type TargetCall } from './target-call.ts';
import { targetFailure, TargetStatusFault, unresolvedVariable } from './target-faults.ts';
import { copiedParts } from './target-request.ts';

/** Compiles a LocalTargetConnection of a target endpoint ("Connecting API proxies"). */
export function compileLocalTargetCall(
  node: LocalTargetConnectionNode,
  { report, services }: CompileContext,
): TargetCall {
  const target = compileTarget(node, report);
  return {
    announce() {
      // A local target has no URL.
    },
    async send(transaction) {
      const { variables, proxy } = transaction;
      const request = variables.message('request') ?? new Message('request');
      const { path, query } = copiedParts(variables, {
        pathSuffix: proxy.pathSuffix,
        query: request.query.text(),
      });
      await transaction.bodies.takeIn();
      const body = await bodyToSend(request, transaction.compressedRequest);
      try {
        const response = await services.localProxies.call(
          target(transaction, unresolvedVariable),
          {
            method: request.verb ?? 'GET',
            path,
            query,
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
