import type { Message } from '../../message/message.ts';
import type { Effect } from './context.ts';
import type { RemoveNode } from './grammar.ts';
import type { IndexedName } from './indexed-name.ts';
import { nameSelection, namesNothing, type NameSelection } from './selected-parts.ts';

type Removal = (message: Message) => void;

/** What an index can be taken from: header lines and parameters alike. */
interface Named {
  clear(): void;
  remove(name: string): void;
  removeValue(name: string, index: number): void;
}

/** Remove: parts of the message, or its headers, parameters and body; verb, version and path then stay. */
export function compileRemove(action: RemoveNode): readonly Effect[] {
  const removals = namesNothing(action) ? wholeMessage : namedParts(action);
  return [
    (_flow, message) => {
      for (const remove of removals) remove(message);
    },
  ];
}

const wholeMessage: readonly Removal[] = [
  ({ headers }) => {
    headers.clear();
  },
  ({ query }) => {
    query.clear();
  },
  (message) => {
    message.clearContent();
  },
];

function namedParts(action: RemoveNode): readonly Removal[] {
  const removals: Removal[] = [];
  if (action.verb?.value === true) {
    removals.push((message) => {
      message.verb = null;
    });
  }
  if (action.version?.value === true) {
    removals.push((message) => {
      message.version = '1.1';
    });
  }
  if (action.path?.value === true) {
    removals.push((message) => {
      message.path = '';
    });
  }
  removals.push(
    removeNames(({ headers }) => headers, nameSelection(action.headers, action.headers?.header)),
    removeNames(
      ({ query }) => query,
      nameSelection(action.queryParams, action.queryParams?.queryParam),
    ),
    removeNames(({ form }) => form, nameSelection(action.formParams, action.formParams?.formParam)),
  );
  if (action.payload?.value === true) {
    removals.push((message) => {
      message.clearContent();
    });
  }
  return removals;
}

function removeNames(part: (message: Message) => Named, selection: NameSelection): Removal {
  if (selection === 'all') {
    return (message) => {
      part(message).clear();
    };
  }
  // From the last value to the first, so that removing h.1 does not make h.2 mean another value.
  const names: readonly IndexedName[] = selection.toSorted(
    (a, b) => (b.index ?? 0) - (a.index ?? 0),
  );
  return (message) => {
    for (const { name, index } of names) {
      if (index === undefined) part(message).remove(name);
      else part(message).removeValue(name, index);
    }
  };
}
