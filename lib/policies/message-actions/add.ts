import { assignedParts } from './assigned-parts.ts';
import type { ActionContext, Effect } from './context.ts';
import { acceptsForm, logFormSkipped } from './form-gate.ts';
import type { AddNode } from './grammar.ts';

/** Add: one more value for each header and parameter; what the message has stays. */
export function compileAdd(action: AddNode, context: ActionContext): readonly Effect[] {
  const { policy, onUnresolved, report } = context;
  const { headers, queryParams, formParams } = assignedParts(action, report);
  const effects: Effect[] = [];
  for (const { name, value } of headers) {
    effects.push((flow, message) => {
      message.headers.add(name, value.render(flow, onUnresolved));
    });
  }
  for (const { name, value } of queryParams) {
    effects.push((flow, message) => {
      if (message.kind === 'request') message.query.add(name, value.render(flow, onUnresolved));
    });
  }
  if (formParams.length > 0) {
    effects.push((flow, message) => {
      if (!acceptsForm(message)) {
        logFormSkipped(flow, policy, message);
        return;
      }
      for (const { name, value } of formParams)
        message.form.add(name, value.render(flow, onUnresolved));
    });
  }
  return effects;
}
