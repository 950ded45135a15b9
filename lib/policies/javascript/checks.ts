import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';
import type { JavascriptPolicy } from './grammar.ts';

/** The deployment's rules that need no resources ("JavaScript policy deployment error troubleshooting"). */
export function checkJavascript(policy: JavascriptPolicy, report: Report): void {
  const { name, resourceUrl, includeUrl, source, location, timeLimit } = policy;
  const reportError = (place: Location, code: string, message: string, hint: string): void => {
    report(diagnosticAt(place, 'error', code, `Javascript[${name}]: ${message}`, hint));
  };
  const main = resourceUrl?.value ?? '';
  if (main === '' && source === undefined) {
    reportError(
      resourceUrl?.location ?? location,
      'InvalidResourceUrlFormat',
      'there is no script.',
      'Name a file in ResourceURL, such as jsc://main.js.',
    );
  }
  if (main !== '' && source !== undefined) {
    report(
      diagnosticAt(
        source.location,
        'warning',
        'two-scripts',
        'Source stands beside ResourceURL and is ignored.',
        'Leave one of them.',
      ),
    );
  }
  for (const url of [resourceUrl, ...includeUrl]) {
    const text = url?.value ?? '';
    if (url === undefined || text === '') continue;
    const type = /^([a-z]+):\/\/(.*)$/is.exec(text);
    if (type === null || type[2] === '') {
      reportError(
        url.textLocation,
        'InvalidResourceUrlFormat',
        `"${text}" is no resource URL.`,
        'Write jsc:// and the name of a file.',
      );
    } else if (type[1] !== 'jsc') {
      reportError(
        url.textLocation,
        'WrongResourceType',
        `${text} is of the type ${type[1] ?? ''}, not jsc.`,
        'Scripts stand in resources/jsc and are named jsc://NAME.',
      );
    }
  }
  if ((timeLimit ?? 0) < 0) {
    report(
      diagnosticAt(
        location,
        'warning',
        'invalid-time-limit',
        `The timeLimit ${timeLimit ?? 0} is negative, and no limit.`,
        'Write milliseconds, such as 200.',
      ),
    );
  }
}
