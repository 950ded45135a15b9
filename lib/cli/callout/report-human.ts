import type { Fault } from '../../fault/fault.ts';
import type { Streams } from '../terminal/streams.ts';
import { printable, printableLine } from '../terminal/printable.ts';
import { bodyText } from './report-json.ts';
import type { CalloutOutcome } from './run-callout.ts';
import { sentRequest } from '../../connection/sent-request.ts';
import type { ShownValue } from './variable-changes.ts';

type Colors = Streams['colors'];
type Headers = readonly (readonly [name: string, value: string])[];

const bodyLines = 40;
const valueLength = 160;

/** What a person at a terminal wants to see of a callout: what went out, what came, what changed. */
export function calloutReport(outcome: CalloutOutcome, run: 'wet' | 'dry', colors: Colors): string {
  const { policy } = outcome;
  const sections = [
    `${colors.bold(printableLine(policy.name))} ${colors.dim(policy.type)}`,
    requestSection(outcome, run, colors),
    run === 'dry' ? '' : responseSection(outcome, colors),
    variablesSection(outcome.variables, colors),
    outcome.fault === undefined
      ? hiddenFaultSection(outcome, colors)
      : faultSection(outcome.fault, colors),
    lostSection(outcome.lost, colors),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function requestSection(
  { request, fate }: CalloutOutcome,
  run: 'wet' | 'dry',
  colors: Colors,
): string {
  if (request === undefined) return colors.dim('Nothing was sent.');
  const { method, url, headers, body } = sentRequest(request);
  const remark =
    run === 'dry' ? '  (dry run: not sent)' : fate === 'unsent' ? '  (did not leave)' : '';
  const start = `${colors.cyan('→')} ${colors.bold(printableLine(method))} ${printableLine(url)}${colors.dim(remark)}`;
  return [start, ...headerLines(headers, colors), ...bodySection(headers, body, colors)].join('\n');
}

function responseSection(
  { response, request, fate, milliseconds }: CalloutOutcome,
  colors: Colors,
): string {
  if (response === undefined) {
    return request === undefined || fate === 'unsent' ? '' : `${colors.red('←')} no response`;
  }
  const { status, reason, headers, body } = response;
  const paint = status < 400 ? colors.green : colors.red;
  const start = `${paint('←')} ${paint(colors.bold(String(status)))} ${printableLine(reason)}  ${colors.dim(`${milliseconds.toFixed(0)} ms`)}`;
  return [start, ...headerLines(headers, colors), ...bodySection(headers, body, colors)].join('\n');
}

function headerLines(headers: Headers, colors: Colors): readonly string[] {
  return headers.map(
    ([name, value]) =>
      `  ${colors.dim(`${printableLine(name.toLowerCase())}:`)} ${printableLine(value)}`,
  );
}

function bodySection(headers: Headers, body: Uint8Array, colors: Colors): readonly string[] {
  if (body.byteLength === 0) return [];
  const lines = printable(indentedJson(bodyText(headers, body))).split('\n');
  const rest = lines.length - bodyLines;
  return [
    '',
    ...lines.slice(0, bodyLines).map((line) => `  ${line}`),
    ...(rest > 0 ? [colors.dim(`  … ${rest} more lines`)] : []),
  ];
}

function indentedJson(text: string): string {
  const trimmed = text.trimStart();
  if (!trimmed.startsWith('{') && !trimmed.startsWith('[')) return text;
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

function variablesSection(variables: CalloutOutcome['variables'], colors: Colors): string {
  const entries = Object.entries(variables);
  const width = Math.min(Math.max(0, ...entries.map(([name]) => name.length)), 48);
  const lines = entries.map(
    ([name, value]) =>
      `  ${colors.cyan(printableLine(name).padEnd(width))}  ${valueText(value, colors)}`,
  );
  return [colors.bold('Variables set or changed'), ...lines].join('\n');
}

function valueText(value: ShownValue, colors: Colors): string {
  if (value === null) return colors.dim('removed');
  const text = printableLine(typeof value === 'string' ? value : JSON.stringify(value));
  const shown = text.length > valueLength ? `${text.slice(0, valueLength)}…` : text;
  if (typeof value === 'string') return value === '' ? colors.dim('(empty)') : shown;
  return colors.yellow(shown);
}

function faultSection(fault: Fault, colors: Colors): string {
  return [
    `${colors.red('✗')} ${colors.bold(colors.red(fault.code))} ${colors.dim(`status ${fault.status}`)}`,
    `  ${printableLine(fault.faultstring)}`,
    ...causes(fault).map((cause) => `  ${colors.dim('because')} ${printableLine(cause)}`),
    ...(fault.hint === undefined ? [] : [`  ${colors.dim('hint')} ${printableLine(fault.hint)}`]),
  ].join('\n');
}

/** The chain of causes below a fault, each said once. */
function causes(fault: Fault): readonly string[] {
  const said = new Set<string>();
  let cause = fault.cause;
  while (cause instanceof Error && said.size < 5) {
    if (cause.message !== '') said.add(cause.message);
    cause = cause.cause;
  }
  if (fault.hint !== undefined) said.delete(fault.hint);
  return [...said];
}

/** A fault that continueOnError keeps from the flow leaves its text, and that is worth telling. */
function hiddenFaultSection({ policy, variables }: CalloutOutcome, colors: Colors): string {
  const reason = variables['fault.reason'];
  if (!policy.continueOnError || typeof reason !== 'string') return '';
  return `${colors.yellow('!')} The policy failed, which continueOnError hides from the flow: ${printableLine(reason)}`;
}

function lostSection(lost: CalloutOutcome['lost'], colors: Colors): string {
  if (lost === undefined) return '';
  return `${colors.yellow('!')} The call failed, which no flow sees, since nothing waits for it: ${printableLine(lost)}`;
}
