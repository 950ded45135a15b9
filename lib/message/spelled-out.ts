import type { FlowValue } from './flow-value.ts';
import type { Message } from './message.ts';

/**
 * The parts that a message has, each under its variable's name and with the value that the variable
 * reads as, so a header shows up to its first comma. Header names are in lower case.
 */
export function* spelledOut(name: string, message: Message): Iterable<[string, FlowValue]> {
  yield [`${name}.content`, message.content];
  if (message.statusCode !== null) yield [`${name}.status.code`, message.statusCode];
  if (message.reasonPhrase !== null) yield [`${name}.reason.phrase`, message.reasonPhrase];
  for (const header of message.headers.names()) {
    yield [`${name}.header.${header.toLowerCase()}`, message.headers.first(header)];
  }
  if (message.kind === 'response') return;
  if (message.verb !== null) yield [`${name}.verb`, message.verb];
  if (message.path !== '') yield [`${name}.path`, message.path];
  if (message.url !== null) yield [`${name}.url`, message.url];
  for (const parameter of message.query.names()) {
    yield [`${name}.queryparam.${parameter}`, message.query.first(parameter)];
  }
}
