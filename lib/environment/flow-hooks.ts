import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import { flowHookPoints, type FlowHook, type FlowHookPoint } from '../host/environment.ts';
import { asText, expectMap, fieldsOf, namedItems } from './fields.ts';
import type { LocatedValue } from './located-value.ts';

/**
 * Reads flow hooks: an object by hook point, or a list whose items name theirs. A hook without a shared
 * flow is one that is detached. `continueOnError` is true unless given, as in the management API.
 */
export function readFlowHooks(
  value: LocatedValue,
  hooks: Map<FlowHookPoint, FlowHook>,
  report: Report,
): void {
  for (const { name, location, value: item } of namedItems(value, 'The flow hooks', report)) {
    const plain = asText(item);
    const fields =
      plain === undefined && !isNull(item) ? expectMap(item, 'A flow hook', report) : undefined;
    const read = fields === undefined ? undefined : fieldsOf(fields, report);
    const written = name ?? read?.text('flowHookPoint', 'name') ?? '';
    const point = flowHookPoints.find((known) => known.toLowerCase() === written.toLowerCase());
    if (point === undefined) {
      const message = `There is no flow hook "${written}".`;
      const hint = `Use one of: ${flowHookPoints.join(', ')}.`;
      report(diagnosticAt(location, 'warning', 'unknown-flow-hook', message, hint));
      continue;
    }
    const sharedFlow = (plain ?? read?.text('sharedFlow') ?? '').trim();
    if (sharedFlow === '') continue;
    hooks.set(point, { sharedFlow, continueOnError: read?.flag('continueOnError') ?? true });
  }
}

function isNull(value: LocatedValue): boolean {
  return value.kind === 'scalar' && value.value === null;
}
