import type { IncomingResponse } from '../../connection/transport.ts';
import { Message } from '../../message/message.ts';
import type { OnUnresolved } from '../../template/template.ts';
import type { Flow } from '../../variables/flow.ts';
import { compileMessageActions } from '../message-actions/compile.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import { callFailure } from './call-failure.ts';
import { unresolvedVariable } from '../unresolved-variable.ts';
import { executionFailed, sourceNotMessage, statusIsError } from './faults.ts';
import type { ServiceCalloutPolicy } from './grammar.ts';
import { compileHttpCallout } from './http-callout.ts';
import { compileLocalCallout } from './local-callout.ts';
import type { CalloutConnection, PreparedCall } from './outgoing-call.ts';
import { requestMessageOf } from './request-variable.ts';

const defaultRequestVariable = 'servicecallout.request';
const defaultTimeout = 55_000;

/**
 * Compiles a callout. Each run takes the request message, applies the actions, resolves where to go,
 * sends, keeps the response and tests its status, in this order ("ServiceCallout policy").
 */
export function compileServiceCallout(
  policy: ServiceCalloutPolicy,
  context: CompileContext,
): Program {
  const { name, request } = policy;
  const onUnresolved: OnUnresolved =
    request?.ignoreUnresolvedVariables?.value === true ? 'ignore' : unresolvedVariable;
  const requestMessage = requestMessageOf(name, given(request?.variable) ?? defaultRequestVariable);
  const actions = compileMessageActions(request?.actions ?? [], {
    policy: `ServiceCallout[${name}]`,
    report: context.report,
    onUnresolved,
    notMessage: (variable) => sourceNotMessage(name, variable),
  });
  const connection = compileConnection(policy, onUnresolved, context);
  const clearsPayload = request?.clearPayload ?? true;
  const responseVariable = given(policy.response?.value);
  const timeout = policy.timeout?.value ?? defaultTimeout;

  const deadline = ({ host }: Flow): number => host.clock.nanoseconds() + timeout * 1e6;

  const prepare = (flow: Flow, message: Message): PreparedCall => {
    for (const effect of actions) effect(flow, message);
    try {
      return connection.prepare(flow, message);
    } catch (error) {
      throw callFailure(name, error);
    }
  };

  const forget: Program = (flow) => {
    const message = requestMessage(flow);
    const call = prepare(flow, message);
    const outcome = context.services.background.start(
      async () => {
        await call.send(deadline(flow));
      },
      (error) => {
        flow.host.log.warn(
          { policy: name, error: callFailure(name, error) },
          'A fire-and-forget callout failed',
        );
      },
    );
    if (clearsPayload) message.clearContent();
    if (outcome === 'refused') throw executionFailed(name, 'Too many callouts under way');
  };

  const waitFor =
    (variable: string): Program =>
    async (flow) => {
      const message = requestMessage(flow);
      const call = prepare(flow, message);
      try {
        const response = await call.send(deadline(flow));
        flow.variables.set(variable, responseMessage(response));
        if (!connection.isSuccess(response.status)) throw statusIsError(name, response.status);
      } catch (error) {
        throw callFailure(name, error);
      } finally {
        if (clearsPayload) message.clearContent();
      }
    };

  return responseVariable === undefined ? forget : waitFor(responseVariable);
}

function given(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function compileConnection(
  { name, httpTargetConnection: http, localTargetConnection: local }: ServiceCalloutPolicy,
  onUnresolved: OnUnresolved,
  context: CompileContext,
): CalloutConnection {
  if (http !== undefined) return compileHttpCallout(name, http, onUnresolved, context);
  if (local !== undefined) return compileLocalCallout(local, onUnresolved, context);
  // Its check refuses such a policy, so this never runs.
  return {
    isSuccess: () => false,
    prepare() {
      throw new Error(`ServiceCallout ${name} has no connection`);
    },
  };
}

function responseMessage({ status, reason, version, headers, body }: IncomingResponse): Message {
  const message = new Message('response');
  message.statusCode = status;
  message.reasonPhrase = reason;
  message.version = `HTTP/${version}`;
  message.headers.addAll(headers);
  message.bytes = body;
  return message;
}
