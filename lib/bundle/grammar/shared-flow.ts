import { attribute, element, type NodeOf } from '../../xml/grammar/element.ts';
import { text } from '../../xml/grammar/value.ts';
import type { NamedDocument } from './endpoint.ts';
import { description, steps } from './step.ts';

/** Grammar of SharedFlow ("Reusable shared flows"). */
export const sharedFlowGrammar = element({
  doc: "Steps that run in a caller's flow.",
  attributes: { name: attribute(text, 'Names the flow; the name of its file unless given.') },
  children: { description, step: steps },
});

export type SharedFlow = NamedDocument<'SharedFlow', NodeOf<typeof sharedFlowGrammar>>;
