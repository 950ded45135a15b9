import type { Message } from '../../message/message.ts';

/** How a call of httpClient stands. */
export type ExchangeState =
  | { readonly kind: 'pending' }
  | { readonly kind: 'answered'; readonly response: Message }
  | { readonly kind: 'failed'; readonly error: string };

/** A call that a script started. It lives as long as its transaction, for later scripts to look at. */
export interface Exchange {
  state: ExchangeState;
  /** Resolves when the call has ended, well or badly. */
  readonly ended: Promise<void>;
}

/** How an exchange stands, as the object model wants it. */
export function exchangeJson({ state }: Exchange): string {
  return JSON.stringify({
    complete: state.kind !== 'pending',
    success: state.kind === 'answered',
    ...(state.kind === 'failed' ? { error: state.error } : {}),
  });
}
