import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import { Fault } from '../../fault/fault.ts';
import { compileTemplate, type OnUnresolved } from '../../template/template.ts';
import type { Flow } from '../../variables/flow.ts';
import { variableReference } from '../../variables/flow-variables.ts';
import { readsPayload } from '../payload-use.ts';
import type { CompileContext, PolicyType, Program } from '../policy-type.ts';
import { unresolvedVariable } from '../unresolved-variable.ts';
import { publishMessageGrammar, type PublishMessagePolicy } from './grammar.ts';

/** PublishMessage: publishes to Cloud Pub/Sub ("PublishMessage policy"). */
export const publishMessage: PolicyType<PublishMessagePolicy> = {
  type: 'PublishMessage',
  grammar: publishMessageGrammar,
  variablePrefix: 'publishmessage',
  support: 'whole grammar; through `publisher`, Pub/Sub among them, and a fault without one',
  touchesPayload: (policy) => policy.useMessageAsSource?.value === true || readsPayload(policy),
  check: checkPublishMessage,
  compile: compilePublishMessage,
};

function checkPublishMessage(
  { name, cloudPubSub, source, useMessageAsSource, location }: PublishMessagePolicy,
  report: Report,
): void {
  const tell = (code: string, message: string, hint: string): void => {
    report(diagnosticAt(location, 'error', code, `PublishMessage[${name}]: ${message}`, hint));
  };
  if ((cloudPubSub?.topic?.value ?? '') === '') {
    tell('missing-topic', 'the Topic is missing.', 'Add CloudPubSub with a Topic.');
  }
  if ((source === undefined) === (useMessageAsSource?.value !== true)) {
    tell(
      'invalid-source',
      'exactly one of Source and UseMessageAsSource is needed.',
      'Leave one of them.',
    );
  }
}

const messageId = variableReference('publishmessage.message.id');

function compilePublishMessage(
  {
    name,
    cloudPubSub,
    source,
    attributes,
    ignoreUnresolvedVariables,
    location,
  }: PublishMessagePolicy,
  { report, services: { publisher } }: CompileContext,
): Program {
  const onUnresolved: OnUnresolved =
    ignoreUnresolvedVariables?.value === true ? 'ignore' : unresolvedVariable;
  const compile = (leaf: PublishMessagePolicy['source']): ((flow: Flow) => string) => {
    const place = leaf?.textLocation ?? location;
    const template = compileTemplate(leaf?.value ?? '', { location: place, report });
    return (flow) => template.render(flow, onUnresolved);
  };
  const topic = compile(cloudPubSub?.topic);
  const text = source === undefined ? undefined : compile(source);
  const named = (attributes?.attribute ?? []).map((node) => ({
    name: node.name,
    value: compile(node),
  }));

  return async (flow) => {
    const data =
      text === undefined
        ? (flow.variables.message('message')?.bytes ?? new Uint8Array())
        : Buffer.from(text(flow), 'utf8');
    const message = {
      topic: topic(flow).trim(),
      data,
      attributes: Object.fromEntries(named.map((one) => [one.name, one.value(flow)])),
    };
    let id: string;
    try {
      id = await publisher.publish(message);
    } catch (error) {
      throw executionFailed(name, error);
    }
    messageId.write(flow.variables, id);
  };
}

/** No page names a code; by analogy with the other policies that call a service. */
function executionFailed(policy: string, error: unknown): Fault {
  const reason = error instanceof Error ? error.message : 'The message was not published';
  return new Fault({
    code: 'steps.publishmessage.ExecutionFailed',
    faultstring: `Execution of PublishMessage ${policy} failed. Reason: ${reason}`,
    cause: error,
    hint: 'Give createRuntime or createGateway a publisher, or mend the one they have.',
  });
}
