import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { XmlToJsonPolicy } from './grammar.ts';
import { formatNames, isFormat } from './options.ts';

/** The deployment's rules ("XMLtoJSON policy deployment error troubleshooting"). */
export function checkXmlToJson(
  { name, options, format, location }: XmlToJsonPolicy,
  report: Report,
): void {
  const formatName = format?.value ?? '';
  if ((options === undefined) === (formatName === '')) {
    report(
      diagnosticAt(
        options?.location ?? location,
        'error',
        'EitherOptionOrFormat',
        // Apigee prints the placeholder.
        'XMLToJSON[{0}]: Either Options or Format must be specified.',
        options === undefined
          ? 'Add <Options/>, or a Format.'
          : 'Options and Format exclude each other; remove one of them.',
      ),
    );
  } else if (options === undefined && !isFormat(formatName)) {
    report(
      diagnosticAt(
        format?.textLocation ?? location,
        'error',
        'UnknownFormat',
        `XMLToJSON[${name}]: Unknown Format ${formatName}.`,
        `Write one of ${formatNames.join(', ')}.`,
      ),
    );
  }
}
