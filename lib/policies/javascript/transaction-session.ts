import type { Flow } from '../../variables/flow.ts';
import type { Exchange } from './exchange.ts';

/** An object in a flow variable: what flows see of it, and the object itself as JSON. */
export interface HeldObject {
  readonly text: string;
  readonly packed: string;
}

/** What the scripts of one transaction share. */
export interface TransactionSession {
  /** `context.session`, as JSON of the object model. */
  packed: string;
  readonly exchanges: Exchange[];
  readonly held: Map<string, HeldObject>;
}

const key = 'javascript';

export function sessionOf({ passage }: Flow): TransactionSession {
  const known = passage.session.get(key);
  if (known instanceof SharedSession) return known;
  const session = new SharedSession();
  passage.session.set(key, session);
  return session;
}

class SharedSession implements TransactionSession {
  packed = '{}';
  readonly exchanges: Exchange[] = [];
  readonly held = new Map<string, HeldObject>();
}
