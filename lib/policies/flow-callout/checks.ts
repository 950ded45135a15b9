import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { FlowCalloutPolicy } from './grammar.ts';

/** What a linter would say about FlowCallout. Whether its shared flow exists shows only when it runs. */
export function checkFlowCallout(
  { sharedFlowBundle, parameters, location }: FlowCalloutPolicy,
  report: Report,
): void {
  if ((sharedFlowBundle?.value ?? '') === '') {
    report(
      diagnosticAt(
        sharedFlowBundle?.location ?? location,
        'error',
        'shared-flow-missing',
        'FlowCallout names no shared flow.',
        'Write its name in SharedFlowBundle.',
      ),
    );
  }
  const seen = new Set<string>();
  for (const { name, location: place } of parameters?.parameter ?? []) {
    if (name === '') {
      report(
        diagnosticAt(
          place,
          'warning',
          'missing-name',
          'This Parameter has no name and is ignored.',
          'Give it a name attribute.',
        ),
      );
    } else if (seen.has(name)) {
      report(
        diagnosticAt(
          place,
          'warning',
          'duplicate-parameter',
          `The parameter ${name} is given twice; the last one counts.`,
          `Leave one ${name}.`,
        ),
      );
    }
    seen.add(name);
  }
}
