import { flowValueText, variableReference } from '../../variables/flow-variables.ts';
import type { Flow } from '../../variables/flow.ts';
import type { ExpirySettingsNode, ReferableNode } from './grammar.ts';

const day = 24 * 60 * 60 * 1000;
/** Milliseconds; what no setting says, and the most that any can say. */
const longestLifetime = 30 * day;

/** Milliseconds that an entry lives from now; zero or less if its time is over already. */
export type Lifetime = (flow: Flow) => number;

/**
 * Compiles ExpirySettings ("ResponseCache policy"). What cannot be read counts as not given, as do zero
 * seconds and fewer.
 */
export function compileLifetime(settings: ExpirySettingsNode | undefined): Lifetime {
  const seconds = referable(settings?.timeoutInSeconds);
  const oldSeconds = settings?.timeoutInSec?.value;
  const date = referable(settings?.expiryDate);
  const time = referable(settings?.timeOfDay);
  return (flow) => {
    const now = flow.host.clock.now();
    const lifetime =
      secondsIn(seconds?.(flow)) ??
      secondsIn(oldSeconds) ??
      untilDate(date?.(flow), now) ??
      untilTime(time?.(flow), now) ??
      longestLifetime;
    return Math.min(lifetime, longestLifetime);
  };
}

function referable(node: ReferableNode | undefined): ((flow: Flow) => string) | undefined {
  if (node === undefined) return undefined;
  const literal = node.value ?? '';
  if (node.ref === undefined || node.ref === '') return () => literal;
  const reference = variableReference(node.ref);
  return ({ variables }) => {
    const value = reference.read(variables);
    return value === null || value === undefined ? literal : flowValueText(value).trim();
  };
}

function secondsIn(text: string | undefined): number | undefined {
  if (text === undefined || !/^\+?\d{1,15}$/.test(text)) return undefined;
  return Number(text) === 0 ? undefined : Number(text) * 1000;
}

/** `mm-dd-yyyy`; a day that no calendar has is none. */
function untilDate(text: string | undefined, now: number): number | undefined {
  const parts = /^(\d{1,2})-(\d{1,2})-(\d{4})$/.exec(text ?? '');
  if (parts === null) return undefined;
  const [month, dayOfMonth, year] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const date = new Date(Date.UTC(year, month - 1, dayOfMonth));
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === dayOfMonth;
  return exists ? date.getTime() - now : undefined;
}

/** `hh:mm:ss`; one that is past comes again tomorrow. */
function untilTime(text: string | undefined, now: number): number | undefined {
  const parts = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text ?? '');
  if (parts === null) return undefined;
  const [hours, minutes, seconds] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const wanted = ((hours * 60 + minutes) * 60 + seconds) * 1000;
  const left = wanted - (now % day);
  return left > 0 ? left : left + day;
}
