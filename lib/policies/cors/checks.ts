import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { Location } from '../../diagnostic/location.ts';
import { wholeNumber } from '../../xml/grammar/value.ts';
import { listed } from './listed.ts';
import type { CorsPolicy } from './grammar.ts';

const methods: ReadonlySet<string> = new Set(
  'CONNECT DELETE GET HEAD OPTIONS PATCH POST PUT TRACE'.split(' '),
);

/** A header cannot be longer than all headers of a response may be together ("Limits"). */
const longestHeader = 60 * 1024;

/** The deployment's rules ("CORS policy"). */
export function checkCors(policy: CorsPolicy, report: Report): void {
  const { name, location, allowOrigins, maxAge } = policy;
  const reportError = (place: Location, code: string, message: string, hint: string): void => {
    report(diagnosticAt(place, 'error', code, `CORS[${name}]: ${message}`, hint));
  };
  if ((allowOrigins?.value ?? '') === '') {
    reportError(
      allowOrigins?.location ?? location,
      'MissingAllowOrigins',
      'AllowOrigins is not specified.',
      'List the origins that may use the API, such as https://www.example.com.',
    );
  } else {
    checkOrigins(policy, report);
  }
  const age = maxAge?.value ?? '';
  const seconds = wholeNumber(age);
  if (maxAge !== undefined && age !== '' && (seconds === undefined || seconds < -1)) {
    reportError(
      maxAge.location,
      'InvalidMaxAge',
      `MaxAge is "${age}", which is not a number of seconds.`,
      'Write a whole number, or -1 to switch caching off.',
    );
  }
  checkMethods(policy, reportError);
  checkLength(policy.allowHeaders, 'AllowHeaders', reportError);
  checkLength(policy.exposeHeaders, 'ExposeHeaders', reportError);
}

type ReportError = (place: Location, code: string, message: string, hint: string) => void;
type TextNode = CorsPolicy['allowHeaders'];

/** What a template holds is known only when it runs. */
function checkMethods({ allowMethods }: CorsPolicy, reportError: ReportError): void {
  const text = allowMethods?.value ?? '';
  if (allowMethods === undefined || text.includes('{')) return;
  for (const method of listed(text)) {
    if (method === '*' || methods.has(method.toUpperCase())) continue;
    reportError(
      allowMethods.textLocation,
      'InvalidHTTPMethods',
      `${method} in AllowMethods is not an HTTP method.`,
      `Write * or some of ${[...methods].join(', ')}, with commas between them.`,
    );
  }
}

function checkLength(node: TextNode, element: string, reportError: ReportError): void {
  if (node === undefined || (node.value ?? '').length <= longestHeader) return;
  reportError(
    node.location,
    `${element}SizeTooLarge`,
    `the text of ${element} is too large.`,
    `Name fewer headers: at most ${longestHeader} characters.`,
  );
}

/** Origins that no browser ever sends. */
function checkOrigins({ allowOrigins }: CorsPolicy, report: Report): void {
  const text = allowOrigins?.value ?? '';
  if (allowOrigins === undefined || text.includes('{')) return;
  for (const origin of listed(text)) {
    if (!origin.endsWith('/')) continue;
    report(
      diagnosticAt(
        allowOrigins.textLocation,
        'warning',
        'origin-with-path',
        `No request has the origin ${origin}: an origin has no path.`,
        'Write it without the slash at its end.',
      ),
    );
  }
}
