import type { Message } from '../message/message.ts';

/**
 * What a flow variable may hold. `null` and `undefined` both mean unresolved; policies keep the types
 * they set. A collection prints as `[a, b]`, a message as its content.
 */
export type FlowValue =
  string | number | boolean | bigint | null | undefined | Message | readonly FlowValue[];
