import type { Answer } from '../../engine-threads/protocol.ts';
import type { RootRule } from '../root-element.ts';
import type { SchemaSet } from '../schema-set.ts';

/** What is wrong with a document; `line` counts from 1, 0 where it is not known. */
export interface Finding {
  readonly kind: 'unknown-root' | 'invalid' | 'malformed';
  readonly message: string;
  readonly line: number;
}

/** What a thread of the engine is asked. */
export interface SchemaRequest {
  /** The same for the same schemas. */
  readonly key: string;
  /** Left out where the thread may have compiled them already: they may be large. */
  readonly schemas?: SchemaSet;
  /** Left out to compile only. */
  readonly document?: { readonly text: string; readonly root: RootRule };
}

/** `unknown` asks for the schemas; `no-schema` says why they cannot be compiled. */
export type SchemaAnswer = Answer &
  (
    | { readonly kind: 'valid' | 'unknown' }
    | { readonly kind: 'no-schema'; readonly reason: string }
    | { readonly kind: 'found'; readonly finding: Finding }
  );
