import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { PolicyTree } from '../host-policy/policy-tree.ts';

const extension: readonly (readonly [name: string, hint: string])[] = [
  ['Connector', 'Name the extension that is called.'],
  ['Action', 'Name the action of the extension.'],
];

/** What a policy of a type that is only parsed cannot be without. */
const required: ReadonlyMap<string, readonly (readonly [name: string, hint: string])[]> = new Map([
  [
    'JavaCallout',
    [
      ['ClassName', 'Name the class, such as com.example.Callout.'],
      ['ResourceURL', 'Name the jar, as in java://callout.jar.'],
    ],
  ],
  ['Script', [['ResourceURL', 'Name the script, as in py://script.py.']]],
  // The root element that the policy called ExtensionCallout has.
  ['ConnectorCallout', extension],
  ['ExtensionCallout', extension],
]);

/** Reports elements without which a policy of a type that is not run here cannot be deployed. */
export function checkRequiredElements(policy: PolicyTree, name: string, report: Report): void {
  for (const [element, hint] of required.get(policy.name) ?? []) {
    const found = policy.children.some((child) => child.name === element && child.text !== '');
    if (found) continue;
    report(
      diagnosticAt(
        policy.location,
        'error',
        'missing-element',
        `${policy.name}[${name}]: ${element} is missing.`,
        hint,
      ),
    );
  }
}
