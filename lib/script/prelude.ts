import { guards } from './guards.ts';

/**
 * What every sandbox has below its object model, in the sandbox's own language. It is evaluated once; each
 * script starts from the memory as it was then.
 *
 * The expression gives a function of the host's one function and of the object model's; see `Sandbox`.
 */
export const prelude = String.raw`(function (call, openModel) {
  'use strict';
  const { stringify, parse } = JSON;
  const { defineProperty } = Object;

  // Text crosses over as UTF-8 that ends at a NUL; what would not survive goes as JSON.
  const outward = (text) =>
    text.indexOf('\0') >= 0 || !text.isWellFormed() || text[0] === '\u0001'
      ? '\u0001' + stringify(text)
      : text;
  const inward = (text) => (text[0] === '\u0001' ? parse(text.slice(1)) : text);
  const host = (operation, first, second) =>
    inward(call(operation, first === undefined ? '' : outward(first), second === undefined ? '' : outward(second)));

  let last;
  const told = new WeakSet();
  const short = (value) => String(value).slice(0, 4096);
  const plainOf = (error) => {
    const { name, message, stack } = error;
    return { name: short(name), message: short(message), stack: short(stack) };
  };
  const supportOf = (file) => ({
    declare(variables, functions) {
      for (const name of variables) {
        if (name in globalThis) continue;
        defineProperty(globalThis, name, { value: undefined, writable: true, enumerable: true, configurable: true });
      }
      for (const name in functions) {
        defineProperty(globalThis, name, { value: functions[name], writable: true, enumerable: true, configurable: true });
      }
    },
    caught(error) {
      if (!(error instanceof Error) || told.has(error)) return error;
      told.add(error);
      const { message, file, line } = parse(host(0, stringify({ kind: 'error', ...plainOf(error) })));
      const hidden = (value) => ({ value, writable: true, enumerable: false, configurable: true });
      try {
        if (message !== error.message) defineProperty(error, 'message', hidden(message));
        if (file !== undefined) {
          defineProperty(error, 'fileName', hidden(file));
          defineProperty(error, 'lineNumber', hidden(line));
        }
      } catch {
        // The script has closed the object.
      }
      return error;
    },
    thrown(value, line) {
      last = { value, file, line };
      return value;
    },
  });

  const model = openModel(host, globalThis);
${guards}
  let files = [];
  return {
    configure(settings) {
      model.configure(parse(settings));
    },
    add(name, file) {
      files.push([supportOf(name), file]);
    },
    run() {
      for (const [support, file] of files) file.call(globalThis, support);
      model.finish();
    },
    answer(id) {
      model.answer(id);
      model.finish();
    },
    describe(error) {
      const place = last !== undefined && last.value === error ? { file: last.file, line: last.line } : {};
      if (error instanceof Error) return outward(stringify({ kind: 'error', ...plainOf(error), ...place }));
      return outward(stringify({ kind: 'value', text: short(error), ...place }));
    },
    inspect(source) {
      const value = (0, eval)(source);
      return stringify([value === null ? 'null' : typeof value, short(value)]);
    },
  };
})`;
