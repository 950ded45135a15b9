import { statusCodeIn } from '../../message/message-property.ts';
import type { Message } from '../../message/message.ts';
import { compileTemplate, type Template } from '../../template/template.ts';
import type { Location } from '../../diagnostic/location.ts';
import { compileAssignments } from './assigned-parameters.ts';
import type { ActionContext, Effect } from './context.ts';
import type { SetNode } from './grammar.ts';

/**
 * Set: replaces or creates. Status, verb and path come before headers, parameters and payload, in
 * whatever order they are written, because a payload may read what stands beside it.
 */
export function compileSet(action: SetNode, context: ActionContext): readonly Effect[] {
  return [
    ...startLine(action, context),
    ...compileAssignments(action, 'set', context),
    ...payload(action, context),
  ];
}

interface TextNode {
  readonly value: string | undefined;
  readonly textLocation: Location;
}

function startLine(action: SetNode, { onUnresolved, report }: ActionContext): readonly Effect[] {
  const effects: Effect[] = [];
  const assign = (
    node: TextNode | undefined,
    kind: Message['kind'] | 'any',
    write: (message: Message, value: string) => void,
  ): void => {
    // An empty element changes nothing: the editor's own stub holds <Path/>.
    if (node === undefined || (node.value ?? '') === '') return;
    const template: Template = compileTemplate(node.value ?? '', {
      location: node.textLocation,
      report,
    });
    effects.push((flow, message) => {
      if (kind === 'any' || message.kind === kind)
        write(message, template.render(flow, onUnresolved).trim());
    });
  };
  assign(action.statusCode, 'response', (message, value) => {
    message.statusCode = statusCodeIn(value) ?? message.statusCode;
  });
  assign(action.reasonPhrase, 'response', (message, value) => {
    message.reasonPhrase = value;
  });
  assign(action.verb, 'request', (message, value) => {
    message.verb = value === '' ? null : value;
  });
  assign(action.version, 'any', (message, value) => {
    message.version = value;
  });
  assign(action.path, 'request', (message, value) => {
    message.path = value;
  });
  return effects;
}

function payload(
  { payload: node }: SetNode,
  { onUnresolved, report }: ActionContext,
): readonly Effect[] {
  if (node === undefined || (node.value ?? '') === '') return [];
  const { contentType, variablePrefix, variableSuffix, location, textLocation } = node;
  const body = compileTemplate(node.value ?? '', {
    location: textLocation,
    report,
    ...(variablePrefix === undefined || variablePrefix === '' ? {} : { prefix: variablePrefix }),
    ...(variableSuffix === undefined || variableSuffix === '' ? {} : { suffix: variableSuffix }),
  });
  const type =
    contentType === undefined || contentType === ''
      ? undefined
      : compileTemplate(contentType, { location, report });
  return [
    (flow, message) => {
      const content = body.render(flow, onUnresolved);
      if (type !== undefined) message.headers.set('Content-Type', type.render(flow, onUnresolved));
      message.content = content;
    },
  ];
}
