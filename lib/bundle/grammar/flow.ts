import { attribute, element, first, many, type NodeOf } from '../../xml/grammar/element.ts';
import { text } from '../../xml/grammar/value.ts';
import { condition, description, direction } from './step.ts';

const name = attribute(text, 'Names it in variables and traces.');

const request = first('Request', direction);
const response = first('Response', direction);

/** PreFlow and PostFlow: they run for every message ("API proxy configuration reference"). */
export const unconditionalFlow = element({
  doc: 'Runs for every message.',
  attributes: { name },
  children: { description, request, response },
});

const conditionalFlow = element({
  doc: 'Runs if no flow before it applied and its condition holds.',
  attributes: { name },
  children: { description, condition, request, response },
});

export const conditionalFlows = element({
  doc: 'Flows with conditions; at most one of them runs.',
  children: { flow: many('Flow', conditionalFlow) },
});

export const postClientFlow = element({
  doc: 'Runs after the response went to the client. Steps of its Request never run.',
  attributes: { name },
  children: { description, request, response },
});

export const eventFlow = element({
  doc: 'Runs once for each server-sent event ("Streaming server-sent events").',
  attributes: {
    name,
    'content-type': attribute(text, 'Media type of the stream, text/event-stream.'),
  },
  children: { description, response },
});

export type UnconditionalFlowNode = NodeOf<typeof unconditionalFlow>;
export type ConditionalFlowNode = NodeOf<typeof conditionalFlow>;
export type PostClientFlowNode = NodeOf<typeof postClientFlow>;
export type EventFlowNode = NodeOf<typeof eventFlow>;
