import { expect } from 'chai';
import {
  createGateway,
  createRuntime,
  DeploymentError,
  Fault,
  javaCallouts,
  parseHostPolicy,
  type Diagnostic,
  type Flow,
  type HostPolicy,
} from '../../../lib/index.ts';
import { bundlesOf } from '../../gateway/serving.ts';

const callout = `<JavaCallout name="JC">
  <Properties><Property name="p">v</Property></Properties>
  <ClassName>com.acme.A</ClassName><ResourceURL>java://a.jar</ResourceURL>
</JavaCallout>`;

/** A proxy at /b that runs the policy and answers by itself. */
function proxyWith(policy: string): Promise<Awaited<ReturnType<typeof bundlesOf>>> {
  return bundlesOf({
    'apiproxy/p.xml': '<APIProxy name="p"/>',
    'apiproxy/proxies/default.xml': `<ProxyEndpoint name="default">
      <PreFlow><Request><Step><Name>JC</Name></Step></Request></PreFlow>
      <PostFlow><Response><Step><Name>AM</Name></Step></Response></PostFlow>
      <HTTPProxyConnection><BasePath>/b</BasePath></HTTPProxyConnection><RouteRule name="r"/></ProxyEndpoint>`,
    'apiproxy/policies/JC.xml': policy,
    'apiproxy/policies/AM.xml':
      '<AssignMessage name="AM"><Set><Headers><Header name="out">{out:none}</Header><Header name="failed">{javacallout.JC.failed:none}</Header></Headers></Set></AssignMessage>',
  });
}

interface Played {
  readonly response: Response;
  readonly findings: readonly Diagnostic[];
}

async function play(policy: string, implementation: HostPolicy): Promise<Played> {
  const findings: Diagnostic[] = [];
  const gateway = await createGateway({
    bundles: await proxyWith(policy),
    policies: { JavaCallout: implementation },
    report: (diagnostic) => findings.push(diagnostic),
  });
  try {
    return { response: await gateway.handle(new Request('http://a/b?q=7')), findings };
  } finally {
    await gateway.close();
  }
}

async function faultOf(implementation: HostPolicy): Promise<{ fault: Fault; flow: Flow }> {
  const runtime = createRuntime({ policies: { JavaCallout: implementation } });
  const flow = runtime.newFlow();
  try {
    await runtime.compile(parseHostPolicy(callout)).run(flow);
  } catch (error) {
    if (error instanceof Fault) return { fault: error, flow };
    throw error;
  } finally {
    await runtime.close();
  }
  throw new Error('There was no fault');
}

describe('a policy that the host runs', () => {
  it('counts as supported in a deployment, and needs none of its files', async () => {
    const { response, findings } = await play(callout, () => ({ variables }) => {
      variables.set('out', variables.get('request.queryparam.q'));
    });
    expect(findings).to.deep.equal([]);
    expect(response.headers.get('out')).to.equal('7');
    expect(response.headers.get('failed')).to.equal('false');
  });

  it('may wait', async () => {
    const { response } = await play(callout, () => async ({ variables }) => {
      await new Promise((resolve) => setImmediate(resolve));
      variables.set('out', 'later');
    });
    expect(response.headers.get('out')).to.equal('later');
  });

  it('gives its implementation every element, attribute and place, and is compiled once', async () => {
    const seen: unknown[] = [];
    await play(callout, ({ element, name, type }) => {
      const [properties, className] = element.children;
      const [property] = properties?.children ?? [];
      seen.push([name, type, property?.attributes.get('name'), property?.text]);
      seen.push([className?.name, className?.text, className?.location.line]);
      return () => undefined;
    });
    expect(seen).to.deep.equal([
      ['JC', 'JavaCallout', 'p', 'v'],
      ['ClassName', 'com.acme.A', 3],
    ]);
  });

  it('renders templates, with the fault of every unresolved variable', async () => {
    const { response } = await play(callout, (_policy, { template }) => {
      const render = template('<{request.queryparam.q}>');
      return (flow) => {
        flow.variables.set('out', render(flow));
      };
    });
    expect(response.headers.get('out')).to.equal('<7>');
    const { fault } = await faultOf((_policy, { template }) => {
      const render = template('{nobody}');
      return (flow) => {
        render(flow);
      };
    });
    expect(fault.code).to.equal('entities.UnresolvedVariable');
  });

  it('is left out when it is not enabled', async () => {
    const { response } = await play(
      callout.replace('<JavaCallout', '<JavaCallout enabled="false"'),
      () => () => {
        throw new Error('It ran');
      },
    );
    expect(response.status).to.equal(200);
  });

  it('fails without ending the flow when it continues on error', async () => {
    const { response } = await play(
      callout.replace('<JavaCallout', '<JavaCallout continueOnError="true"'),
      () => () => {
        throw new Error('No such key');
      },
    );
    expect(response.status).to.equal(200);
    expect(response.headers.get('failed')).to.equal('true');
  });

  it('fails with the fault that it throws', async () => {
    const { fault, flow } = await faultOf(() => () => {
      throw new Fault({ code: 'steps.javacallout.Mine', faultstring: 'Mine', status: 403 });
    });
    expect(fault).to.include({ code: 'steps.javacallout.Mine', status: 403 });
    expect(flow.variables.get('javacallout.JC.failed')).to.equal(true);
  });

  const thrown: Readonly<Record<string, HostPolicy>> = {
    'an error': () => () => {
      throw new TypeError('No such key');
    },
    'an error after waiting': () => () => Promise.reject(new Error('No such key')),
    'a text': () => () => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- Hosts may throw anything.
      throw 'No such key';
    },
  };
  for (const [what, implementation] of Object.entries(thrown)) {
    it(`fails as Java does when it throws ${what}`, async () => {
      const { fault } = await faultOf(implementation);
      expect(fault).to.include({
        code: 'steps.javacallout.ExecutionError',
        faultstring: 'Failed to execute JavaCallout. No such key',
        status: 500,
      });
    });
  }

  it('may be refused by its implementation, with the place', async () => {
    const refusal = await play(callout, ({ element }, { refuse }) => {
      refuse(element.children[1] ?? element, 'This class is not known.');
      return undefined;
    }).catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(DeploymentError);
    const { diagnostics } = refusal as DeploymentError;
    expect(diagnostics.find(({ severity }) => severity === 'error')).to.include({
      code: 'policy-refused',
      message: 'This class is not known.',
      line: 3,
    });
  });

  it('is not deployed when its implementation throws', async () => {
    const refusal = await play(callout, () => {
      throw new Error('No licence');
    }).catch((error: unknown) => error);
    expect((refusal as DeploymentError).diagnostics[0]).to.include({
      severity: 'error',
      code: 'policy-refused',
      message: 'The implementation of JavaCallout refused JC: No licence',
    });
  });

  it('stays unsupported when no class is registered for it', async () => {
    const { response, findings } = await play(
      callout,
      javaCallouts({ 'com.acme.B': () => () => undefined }),
    );
    expect(findings.map(({ code }) => code)).to.deep.equal(['unsupported-policy']);
    expect(response.status).to.equal(500);
  });

  it('cannot be of a type that runs here, or that Apigee does not have', () => {
    const implementation: HostPolicy = () => undefined;
    expect(() => createRuntime({ policies: { AssignMessage: implementation } })).to.throw(
      TypeError,
      'this runtime runs AssignMessage itself',
    );
    expect(() => createRuntime({ policies: { Javacallout: implementation } })).to.throw(
      TypeError,
      'Apigee has no such policy type',
    );
  });
});

describe('reading a policy for the host', () => {
  const codes = (xml: string): readonly string[] => {
    try {
      parseHostPolicy(xml);
      return [];
    } catch (error) {
      if (error instanceof DeploymentError) return error.diagnostics.map(({ code }) => code);
      throw error;
    }
  };

  it('wants the elements without which Apigee would not deploy it', () => {
    expect(codes('<JavaCallout name="a"/>')).to.deep.equal([
      'unsupported-policy',
      'missing-element',
      'missing-element',
    ]);
    expect(codes('<Script name="a"><ResourceURL>py://a.py</ResourceURL></Script>')).to.be.empty;
    expect(codes('<Script name="a"><ResourceURL/></Script>')).to.include('missing-element');
  });

  it('leaves policies that run here to parsePolicy', () => {
    expect(codes('<RaiseFault name="a"/>')).to.include('supported-policy');
  });

  it('refuses to compile without an implementation, and says what to give', () => {
    const compile = (): unknown =>
      createRuntime().compile(
        parseHostPolicy('<Script name="a"><ResourceURL>py://a.py</ResourceURL></Script>'),
      );
    expect(compile).to.throw(DeploymentError, 'No implementation takes a');
  });
});
