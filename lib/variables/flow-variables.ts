import type { Message } from '../message/message.ts';
import type { FlowValue } from './value.ts';

/** CONTRACT SKETCH: the variables room replaces bodies, not names. */
export declare class FlowVariables {
  get(name: string): FlowValue;
  set(name: string, value: FlowValue): void;
  remove(name: string): void;
  entries(): IterableIterator<[string, FlowValue]>;
  /** The message that a name means now, if it holds one. */
  message(name: string): Message | undefined;
}

/** A name prepared once: reading it splits, searches and copies nothing. */
export interface VariableReference {
  readonly name: string;
  read(variables: FlowVariables): FlowValue;
  write(variables: FlowVariables, value: FlowValue): void;
}

export declare function variableReference(name: string): VariableReference;
/** The text a value shows as in a template: null gives the empty string. */
export declare function flowValueText(value: FlowValue): string;
