/** A JavaCallout whose class this program stands in for; the bundle's jar is never needed. */
import { createHmac } from 'node:crypto';
import path from 'node:path';
import {
  childNamed,
  createGateway,
  Fault,
  javaCallouts,
  loadBundle,
  type Gateway,
  type HostPolicy,
} from 'apigee-interpreter';

/** What com.example.sign.Callout does in Java. Runs once for each policy, and its function for each request. */
const sign: HostPolicy = (policy, context) => {
  const properties = childNamed(policy.element, 'Properties')?.children ?? [];
  const property = (name: string) =>
    properties.find(({ attributes }) => attributes.get('name') === name);
  const text = property('text');
  const output = property('output')?.text;
  if (text === undefined || output === undefined) {
    context.refuse(policy.element, 'The properties text and output are needed.');
    return undefined;
  }
  const render = context.template(text.text, text);
  return (flow) => {
    const message = render(flow);
    if (message === '') {
      const faultstring = 'There is nothing to sign';
      throw new Fault({ code: 'steps.javacallout.ExecutionError', faultstring, status: 400 });
    }
    const digest = createHmac('sha256', 'a secret').update(message).digest('hex');
    flow.variables.set(output, digest);
  };
};

export async function createSigningGateway(): Promise<Gateway> {
  return createGateway({
    bundles: [await loadBundle(path.join(import.meta.dirname, 'apiproxy'))],
    policies: { JavaCallout: javaCallouts({ 'com.example.sign.Callout': sign }) },
  });
}
