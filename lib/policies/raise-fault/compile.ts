import { Message } from '../../message/message.ts';
import type { OnUnresolved } from '../../template/template.ts';
import {
  FaultWithResponse,
  standardReason,
  writeFaultBody,
} from '../../variables/fault-response.ts';
import type { Flow } from '../../variables/flow.ts';
import type { FlowVariables } from '../../variables/flow-variables.ts';
import { compileAssignVariable } from '../assign-variable/compile.ts';
import { compileMessageAction } from '../message-actions/compile.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import { unresolvedVariable } from '../unresolved-variable.ts';
import { raisedFault, sourceNotMessage } from './faults.ts';
import type { RaiseFaultPolicy } from './grammar.ts';

type Effect = (flow: Flow, message: Message) => void;

/**
 * Compiles RaiseFault. Each run builds a response, 500 unless the actions say otherwise, and throws it
 * as a fault. Only a response that is left without a body gets the default one.
 */
export function compileRaiseFault(policy: RaiseFaultPolicy, context: CompileContext): Program {
  const fault = raisedFault(policy);
  const effects = compileEffects(policy, context);
  return (flow) => {
    const response = new Message('response');
    response.statusCode = 500;
    whileMessageIs(response, flow.variables, () => {
      for (const effect of effects) effect(flow, response);
    });
    response.reasonPhrase ??= standardReason(response.statusCode);
    if (!response.hasBody) writeFaultBody(response, fault, flow.variables.message('request'));
    throw new FaultWithResponse(fault, response);
  };
}

function compileEffects(
  { name, faultResponse, ignoreUnresolvedVariables }: RaiseFaultPolicy,
  context: CompileContext,
): readonly Effect[] {
  const policy = `RaiseFault[${name}]`;
  const onUnresolved: OnUnresolved =
    ignoreUnresolvedVariables?.value === false ? unresolvedVariable : 'ignore';
  const actionContext = {
    policy,
    report: context.report,
    onUnresolved,
    notMessage: (variable: string) => sourceNotMessage(name, variable),
  };
  const assignmentContext = {
    policy,
    onUnresolved,
    onReadOnly: 'ignore',
    compile: context,
  } as const;
  return (faultResponse?.actions ?? []).flatMap((action): readonly Effect[] =>
    action.type === 'AssignVariable'
      ? [compileAssignVariable(action, assignmentContext)]
      : compileMessageAction(action, actionContext),
  );
}

/**
 * Lets `message` mean the response that is being built, as in the error flow, because a payload may
 * read the status beside it. Afterwards everything is as before: the fault may yet be ignored.
 */
function whileMessageIs(response: Message, variables: FlowVariables, build: () => void): void {
  const { phase } = variables;
  const pending = variables.message('error');
  variables.phase = 'error';
  variables.set('error', response);
  try {
    build();
  } finally {
    variables.set('error', pending);
    variables.phase = phase;
  }
}
