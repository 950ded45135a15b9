import type { Location } from '../../../diagnostic/location.ts';

/** A part of a session file that is parsed alone. */
export type Slice =
  /** One transaction. */
  | { readonly kind: 'transaction'; readonly text: string; readonly place: Location }
  /** Something of the session's head: an XML element, or the JSON value of `DebugSession`. */
  | { readonly kind: 'head'; readonly text: string; readonly place: Location };
