import { contextModel } from './context.ts';
import { cryptoModel } from './crypto.ts';
import { httpClientModel } from './http-client.ts';
import { messagesModel } from './messages.ts';
import { operations } from './operations.ts';
import { valuesModel } from './values.ts';

/**
 * What scripts see of Apigee, in the sandbox's own language: an expression that the sandbox evaluates once.
 * It reaches the transaction only through `host`.
 */
export const objectModel = `(function (host, global) {
  'use strict';
  const operation = ${JSON.stringify(operations)};
${valuesModel}${messagesModel}${httpClientModel}${cryptoModel}${contextModel}
  return {
    configure(settings) {
      Object.assign(properties, settings.properties);
    },
    answer,
    // Whatever a script changed in objects that others see as well.
    finish() {
      flush();
      for (const [name, one] of held) {
        const packed = pack(one.value);
        if (packed !== one.packed) setVariable(name, one.value);
      }
      if (session !== undefined) {
        const packed = pack(session.value);
        if (packed !== session.packed) host(operation.keepSession, packed ?? '{}');
        session = undefined;
      }
    },
  };
})`;
