import {
  attribute,
  element,
  leaf,
  many,
  optional,
  type NodeOf,
} from '../../xml/grammar/element.ts';
import {
  boolean,
  markupTemplate,
  oneOf,
  presence,
  template,
  text,
  verbatimTemplate,
} from '../../xml/grammar/value.ts';

/**
 * The actions Set, Add, Copy and Remove on a message, one grammar for ServiceCallout, AssignMessage and
 * RaiseFault ("AssignMessage policy").
 */

const name = attribute(text, 'Its name.', '');

const assigned = (noun: string) =>
  element({ doc: `A ${noun} and its value.`, attributes: { name }, text: verbatimTemplate });

const selected = (noun: string) =>
  element({
    doc: `A ${noun}; NAME.2 means its second value. The text false leaves it out.`,
    attributes: { name },
    text: presence,
  });

const assignedParameters = {
  headers: optional(
    'Headers',
    element({ doc: 'Headers.', children: { header: many('Header', assigned('header')) } }),
  ),
  queryParams: optional(
    'QueryParams',
    element({
      doc: 'Query parameters.',
      children: { queryParam: many('QueryParam', assigned('query parameter')) },
    }),
  ),
  formParams: optional(
    'FormParams',
    element({
      doc: 'Form parameters.',
      children: { formParam: many('FormParam', assigned('form parameter')) },
    }),
  ),
} as const;

const selectedParts = {
  headers: optional(
    'Headers',
    element({
      doc: 'Headers; all of them if none is named.',
      text: presence,
      children: { header: many('Header', selected('header')) },
    }),
  ),
  queryParams: optional(
    'QueryParams',
    element({
      doc: 'Query parameters; all of them if none is named.',
      text: presence,
      children: { queryParam: many('QueryParam', selected('query parameter')) },
    }),
  ),
  formParams: optional(
    'FormParams',
    element({
      doc: 'Form parameters; all of them if none is named.',
      text: presence,
      children: { formParam: many('FormParam', selected('form parameter')) },
    }),
  ),
  payload: optional('Payload', leaf(presence, 'The body.')),
  verb: optional('Verb', leaf(presence, 'The method; of a request.')),
  version: optional('Version', leaf(presence, 'The HTTP version.')),
  path: optional('Path', leaf(presence, 'The path; of a request.')),
  statusCode: optional('StatusCode', leaf(presence, 'The status code; of a response.')),
  reasonPhrase: optional('ReasonPhrase', leaf(presence, 'The reason phrase; of a response.')),
} as const;

/** What Set may hold; AssignMessage adds to it. */
export const setParts = {
  ...assignedParameters,
  payload: optional(
    'Payload',
    element({
      doc: 'The body. With prefix and suffix, those delimit variables and braces are plain text.',
      attributes: {
        contentType: attribute(text, 'Becomes the Content-Type header. A message template.'),
        variablePrefix: attribute(text, 'What opens a variable; { unless given.'),
        variableSuffix: attribute(text, 'What closes a variable; } unless given.'),
        resourceURL: attribute(text, 'Read for old bundles; not used.'),
        defaultVariableValue: attribute(text, 'Read for old bundles; not used.'),
      },
      text: markupTemplate,
    }),
  ),
  verb: optional('Verb', leaf(template, 'The method; of a request.')),
  version: optional('Version', leaf(template, 'The HTTP version.')),
  path: optional('Path', leaf(template, 'The path; of a request.')),
  statusCode: optional('StatusCode', leaf(template, 'The status code; of a response.')),
  reasonPhrase: optional('ReasonPhrase', leaf(template, 'The reason phrase; of a response.')),
} as const;

/** The message that a policy changes. */
export const assignTo = element({
  doc: 'Variable that holds the message; empty: the request in a request flow, else the response.',
  attributes: {
    createNew: attribute(
      boolean,
      'true: a new message; false: one that exists; not given: one that exists, else a new one.',
    ),
    type: attribute(
      oneOf('request', 'response'),
      'Kind of a new message; by the flow if not given.',
    ),
    transport: attribute(text, 'Only http exists; has no effect.'),
  },
  text,
});

export const setAction = element({
  doc: 'Replaces or creates parts of the message.',
  children: setParts,
});

export const addAction = element({
  doc: 'Appends values; those that the message has already stay.',
  children: assignedParameters,
});

export const copyAction = element({
  doc: 'Copies parts of another message; all of them if none is named.',
  attributes: { source: attribute(text, 'The message to copy from; message unless given.') },
  children: selectedParts,
});

export const removeAction = element({
  doc: 'Removes parts of the message; headers, parameters and body if none is named.',
  children: selectedParts,
});

/** The actions by element name, for `ordered(...)` in a policy's grammar. */
export const messageActions = {
  Set: setAction,
  Add: addAction,
  Copy: copyAction,
  Remove: removeAction,
} as const;

export type AssignToNode = NodeOf<typeof assignTo>;
export type SetNode = NodeOf<typeof setAction>;
export type AddNode = NodeOf<typeof addAction>;
export type CopyNode = NodeOf<typeof copyAction>;
export type RemoveNode = NodeOf<typeof removeAction>;

export type ActionNode =
  | (SetNode & { readonly type: 'Set' })
  | (AddNode & { readonly type: 'Add' })
  | (CopyNode & { readonly type: 'Copy' })
  | (RemoveNode & { readonly type: 'Remove' });
