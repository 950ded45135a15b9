import type { HeaderLine, HeaderLines } from '../../message/header-lines.ts';
import type { Message } from '../../message/message.ts';
import type { Parameter, Parameters } from '../../message/parameters.ts';
import { variableReference } from '../../variables/flow-variables.ts';
import type { ActionContext, Effect } from './context.ts';
import { acceptsForm } from './form-gate.ts';
import type { CopyNode } from './grammar.ts';
import type { IndexedName } from './indexed-name.ts';
import { nameSelection, namesNothing, type NameSelection } from './selected-parts.ts';

type Transfer = (source: Message, destination: Message) => void;

/**
 * Copy: parts of another message, or all of it. What is copied replaces what had the same name. A
 * source that is missing or no message is a fault, unless unresolved variables are ignored.
 */
export function compileCopy(action: CopyNode, context: ActionContext): readonly Effect[] {
  const source = action.source === undefined || action.source === '' ? 'message' : action.source;
  const reference = variableReference(source);
  const transfers = namesNothing(action) ? wholeMessage : namedParts(action);
  const { onUnresolved, notMessage, policy } = context;
  return [
    (flow, destination) => {
      const message = flow.variables.message(source);
      if (message === destination) return;
      if (message !== undefined) {
        for (const transfer of transfers) transfer(message, destination);
        return;
      }
      if (onUnresolved === 'ignore') {
        flow.host.log.warn({ policy, source }, 'Copy has no effect: its source holds no message');
        return;
      }
      const value = reference.read(flow.variables);
      throw value === undefined || value === null ? onUnresolved(source) : notMessage(source);
    },
  ];
}

const betweenRequests =
  (transfer: Transfer): Transfer =>
  (source, destination) => {
    if (source.kind === 'request' && destination.kind === 'request') transfer(source, destination);
  };

const betweenResponses =
  (transfer: Transfer): Transfer =>
  (source, destination) => {
    if (source.kind === 'response' && destination.kind === 'response')
      transfer(source, destination);
  };

const copyStatusCode = betweenResponses((source, destination) => {
  destination.statusCode = source.statusCode;
});

const copyReasonPhrase = betweenResponses((source, destination) => {
  destination.reasonPhrase = source.reasonPhrase;
});

const copyVerb = betweenRequests((source, destination) => {
  destination.verb = source.verb;
});

const copyPath = betweenRequests((source, destination) => {
  destination.path = source.path;
});

const copyVersion = betweenRequests((source, destination) => {
  destination.version = source.version;
});

const copyPayload: Transfer = (source, destination) => {
  const type = source.headers.text('Content-Type');
  if (type !== undefined) destination.headers.set('Content-Type', type);
  destination.bytes = source.bytes;
};

const wholeMessage: readonly Transfer[] = [
  copyStatusCode,
  copyReasonPhrase,
  copyVerb,
  copyVersion,
  copyPath,
  copyHeaders('all'),
  betweenRequests((source, destination) => {
    copyParameters(source.query, destination.query, 'all');
  }),
  copyPayload,
];

function namedParts(action: CopyNode): readonly Transfer[] {
  const headers = nameSelection(action.headers, action.headers?.header);
  const queryParams = nameSelection(action.queryParams, action.queryParams?.queryParam);
  const formParams = nameSelection(action.formParams, action.formParams?.formParam);
  return [
    ...(action.statusCode?.value === true ? [copyStatusCode] : []),
    ...(action.reasonPhrase?.value === true ? [copyReasonPhrase] : []),
    ...(action.verb?.value === true ? [copyVerb] : []),
    ...(action.version?.value === true ? [copyVersion] : []),
    ...(action.path?.value === true ? [copyPath] : []),
    copyHeaders(headers),
    betweenRequests((source, destination) => {
      copyParameters(source.query, destination.query, queryParams);
    }),
    betweenRequests((source, destination) => {
      if (source.isFormEncoded && acceptsForm(source) && acceptsForm(destination)) {
        copyParameters(source.form, destination.form, formParams);
      }
    }),
    ...(action.payload?.value === true ? [copyPayload] : []),
  ];
}

function copyHeaders(selection: NameSelection): Transfer {
  return ({ headers: source }, { headers: destination }) => {
    destination.setAll(
      selection === 'all' ? source.lines() : selection.flatMap((part) => linesOf(source, part)),
    );
  };
}

function linesOf(headers: HeaderLines, { name, index }: IndexedName): readonly HeaderLine[] {
  if (index === undefined) {
    const key = name.toLowerCase();
    return headers.lines().filter(([lineName]) => lineName.toLowerCase() === key);
  }
  const value = headers.value(name, index);
  return value === undefined ? [] : [[name, value]];
}

function copyParameters(
  source: Parameters,
  destination: Parameters,
  selection: NameSelection,
): void {
  if (selection !== 'all') {
    destination.setAll(selection.flatMap((part) => parametersOf(source, part)));
  } else if (destination.text() === '') {
    // Nothing to merge with, so the text stays byte for byte.
    destination.replaceText(source.text());
  } else {
    destination.setAll(source.list());
  }
}

function parametersOf(parameters: Parameters, { name, index }: IndexedName): readonly Parameter[] {
  const values = parameters.values(name);
  return (index === undefined ? values : values.slice(index - 1, index)).map((value) => ({
    name,
    value,
  }));
}
