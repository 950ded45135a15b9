/** What ended a script, as the sandbox tells it. `file` and `line` are those of a throw statement. */
export type Thrown = ThrownError | ThrownValue;

interface Place {
  readonly file?: string;
  readonly line?: number;
}

export interface ThrownError extends Place {
  readonly kind: 'error';
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

/** Anything may be thrown; this is its text. */
export interface ThrownValue extends Place {
  readonly kind: 'value';
  readonly text: string;
}

/** How the script ended. */
export type RunEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'thrown'; readonly thrown: Thrown }
  /** It ran for longer than it may; the milliseconds are the limit that it met. */
  | { readonly kind: 'time-limit'; readonly milliseconds: number }
  /** It met another limit: too much memory, too many calls within calls. */
  | { readonly kind: 'exhausted'; readonly text: string };

/** Reads what `describe` of the prelude gives. Whatever a script makes of it, the result is of the type. */
export function readThrown(json: string): Thrown {
  const value: unknown = JSON.parse(json);
  const fields: Readonly<Record<string, unknown>> =
    typeof value === 'object' && value !== null ? { ...value } : {};
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  const { file, line } = fields;
  const place = typeof file === 'string' && typeof line === 'number' ? { file, line } : {};
  if (fields['kind'] !== 'error') return { kind: 'value', text: text('text'), ...place };
  return {
    kind: 'error',
    name: text('name'),
    message: text('message'),
    stack: text('stack'),
    ...place,
  };
}
