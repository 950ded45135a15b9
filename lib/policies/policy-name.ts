import path from 'node:path';
import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';

const longest = 255;

/** What stands for a name after an error said that there is none. */
const placeholder = 'unnamed';

/**
 * A policy's name: its attribute, or else the name of its file, as SAP's exports need. The policy pages
 * allow letters, digits, space, `-`, `_` and `.`; the configuration reference also `$` and `%`.
 */
export function policyName(
  attribute: string | undefined,
  file: string | undefined,
  place: { readonly location: Location; readonly type: string; readonly report: Report },
): string {
  const { location, type, report } = place;
  const name = attribute === undefined || attribute === '' ? undefined : attribute;
  if (name !== undefined) {
    checkName(name, location, report);
    return name;
  }
  const fromFile = file === undefined ? undefined : path.basename(file).replace(/\.xml$/i, '');
  if (fromFile === undefined || fromFile === '') {
    report(
      diagnosticAt(
        location,
        'error',
        'missing-name',
        `Required attribute name is missing in ${type}`,
        'Add a name attribute; steps and variables use it.',
      ),
    );
    return placeholder;
  }
  report(
    diagnosticAt(
      location,
      'warning',
      'name-from-file',
      `The ${type} has no name attribute; the name of its file, ${fromFile}, is used.`,
      'Add a name attribute.',
    ),
  );
  return fromFile;
}

function checkName(name: string, location: Location, report: Report): void {
  if (name.length > longest) {
    report(
      diagnosticAt(
        location,
        'error',
        'name-too-long',
        `The name has ${name.length} characters; at most ${longest} are allowed.`,
        'Shorten it.',
      ),
    );
  }
  const illegal = /[^A-Za-z0-9._\-$ %]/u.exec(name)?.[0];
  if (illegal !== undefined) {
    report(
      diagnosticAt(
        location,
        'error',
        'illegal-name',
        `The name "${name}" holds the character ${JSON.stringify(illegal)}.`,
        'Use letters, digits, spaces, "-", "_" and ".".',
      ),
    );
  } else if (/[$%]/.test(name)) {
    report(
      diagnosticAt(
        location,
        'warning',
        'unusual-name',
        `The name "${name}" holds $ or %, which some policy pages do not allow.`,
        'Use letters, digits, spaces, "-", "_" and ".".',
      ),
    );
  }
}
