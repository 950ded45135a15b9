import { diagnosticAt } from '../../diagnostic/diagnostic.ts';
import type { ScriptPart } from '../../script/script.ts';
import type { CompileContext } from '../policy-type.ts';
import type { JavascriptPolicy } from './grammar.ts';

/**
 * The files of a policy's script, those that are included first. Undefined where the policy stands alone
 * and its files are unknown, or after reporting that one of them is missing.
 */
export function scriptFiles(
  { name, resourceUrl, includeUrl, source }: JavascriptPolicy,
  { resources, report }: CompileContext,
): readonly ScriptPart[] | undefined {
  const main = resourceUrl?.value ?? '';
  const urls = [...includeUrl, ...(main === '' ? [] : [resourceUrl])].flatMap((url) =>
    url?.value === undefined || url.value === '' ? [] : [{ ...url, value: url.value }],
  );
  if (resources === undefined && urls.length > 0) return undefined;
  // What is no jsc URL was refused by now.
  if (urls.some(({ value }) => !value.startsWith('jsc://'))) return undefined;
  const parts: ScriptPart[] = [];
  for (const { value: url, textLocation } of urls) {
    const bytes = resources?.read(url);
    if (bytes === undefined) {
      report(
        diagnosticAt(
          textLocation,
          'error',
          'NoResourceForURL',
          `Javascript[${name}]: could not locate a resource with the URL ${url}.`,
          `Add the file resources/${url.replace('://', '/')}, or correct the URL.`,
        ),
      );
      continue;
    }
    const file = resources?.place?.(url) ?? url;
    parts.push({
      name: url.replace(/^jsc:\/\//, ''),
      text: textOf(bytes),
      location: { file, line: 1, column: 1 },
    });
  }
  if (parts.length < urls.length) return undefined;
  if (main === '' && source !== undefined) {
    parts.push({ name, text: source.value ?? '', location: source.textLocation });
  }
  return parts;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}
