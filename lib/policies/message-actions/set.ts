import { statusCodeIn } from '../../message/message-property.ts';
import type { Message } from '../../message/message.ts';
import { compileTemplate, type Template } from '../../template/template.ts';
import type { Location } from '../../diagnostic/location.ts';
import { assignedParts } from './assigned-parts.ts';
import type { ActionContext, Effect } from './context.ts';
import { acceptsForm, logFormSkipped } from './form-gate.ts';
import type { SetNode } from './grammar.ts';

/**
 * Set: replaces or creates. Status, verb and path come before headers, parameters and payload, in
 * whatever order they are written, because a payload may read what stands beside it.
 */
export function compileSet(action: SetNode, context: ActionContext): readonly Effect[] {
  return [
    ...startLine(action, context),
    ...parameters(action, context),
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

function parameters(
  action: SetNode,
  { policy, onUnresolved, report }: ActionContext,
): readonly Effect[] {
  const { headers, queryParams, formParams } = assignedParts(action, report);
  const effects: Effect[] = [];
  for (const { name, value } of headers) {
    effects.push((flow, message) => {
      message.headers.set(name, value.render(flow, onUnresolved));
    });
  }
  for (const { name, value } of queryParams) {
    effects.push((flow, message) => {
      if (message.kind === 'request') message.query.set(name, value.render(flow, onUnresolved));
    });
  }
  if (formParams.length > 0) {
    effects.push((flow, message) => {
      if (!acceptsForm(message)) {
        logFormSkipped(flow, policy, message);
        return;
      }
      for (const { name, value } of formParams)
        message.form.set(name, value.render(flow, onUnresolved));
    });
  }
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
