import { flowValueText, type FlowValue } from '../../message/flow-value.ts';
import { Message } from '../../message/message.ts';

/** The text by which a script gets a value; its first letter tells the type. */
export function crossingText(value: FlowValue, name: string): string {
  if (typeof value === 'string') return `s${value}`;
  if (value === null || value === undefined) return '0';
  if (typeof value === 'number') return `n${value}`;
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (typeof value === 'bigint')
    return Number.isSafeInteger(Number(value)) ? `n${value}` : `s${value}`;
  if (value instanceof Message) return `m${JSON.stringify([value.kind, `variable ${name}`])}`;
  return `l${JSON.stringify(value.map(flowValueText))}`;
}

/** A value that a script gives: one that flows have, a message it names, or an object of its own. */
export type CrossingValue =
  | { readonly kind: 'value'; readonly value: FlowValue }
  | { readonly kind: 'message'; readonly view: string }
  /** `text` is what flows see of it, `packed` what scripts get back. */
  | { readonly kind: 'object'; readonly text: string; readonly packed: string };

/** Reads what a script gives. It made the text itself, so anything may come. */
export function crossingValue(text: string): CrossingValue {
  const rest = text.slice(1);
  switch (text.charAt(0)) {
    case 's':
      return { kind: 'value', value: rest };
    case 'n':
      return { kind: 'value', value: Number(rest) };
    case 't':
      return { kind: 'value', value: true };
    case 'f':
      return { kind: 'value', value: false };
    case 'l':
      return { kind: 'value', value: textList(rest) };
    case 'm':
      return { kind: 'message', view: textList(rest)[1] ?? '' };
    case 'o': {
      const [shown = '', packed = 'null'] = textList(rest);
      return { kind: 'object', text: shown, packed };
    }
    default:
      return { kind: 'value', value: null };
  }
}

function textList(json: string): readonly string[] {
  const value = parsed(json);
  return Array.isArray(value) ? value.map(String) : [];
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
