import { expect } from 'chai';
import {
  checkPolicy,
  createRuntime,
  Fault,
  fixedTokenProvider,
  parsePolicy,
  type Flow,
  type PublishedMessage,
  type RuntimeOptions,
} from '../../../lib/index.ts';
import { startUpstream } from '../../support/upstream.ts';

const policy = (children: string): string =>
  `<PublishMessage name="PM"><CloudPubSub><Topic>projects/{organization.name}/topics/t</Topic></CloudPubSub>${children}</PublishMessage>`;

async function run(
  children: string,
  options: RuntimeOptions,
): Promise<{ flow: Flow; fault: Fault | undefined }> {
  const runtime = createRuntime(options);
  const flow = runtime.newFlow({
    request: { message: 'request', verb: 'POST', content: 'the body' },
    variables: { v: 'x' },
  });
  let fault: Fault | undefined;
  try {
    await runtime.compile(parsePolicy(policy(children))).run(flow);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    fault = error;
  }
  await runtime.close();
  return { flow, fault };
}

describe('PublishMessage', () => {
  it('mediation 246: sets the id that the publisher returns', async () => {
    const published: PublishedMessage[] = [];
    const { flow, fault } = await run(
      '<Source>say {v}</Source><Attributes><Attribute name="a">is {v}</Attribute></Attributes>',
      {
        publisher: {
          publish(message) {
            published.push(message);
            return Promise.resolve('17');
          },
        },
      },
    );
    expect(fault).to.equal(undefined);
    expect(flow.variables.get('publishmessage.message.id')).to.equal('17');
    expect(
      published.map(({ data, ...rest }) => ({ ...rest, text: Buffer.from(data).toString() })),
    ).to.deep.equal([
      { topic: 'projects/local/topics/t', attributes: { a: 'is x' }, text: 'say x' },
    ]);
  });

  it('publishes the body of the message where that is the source', async () => {
    let text = '';
    await run('<UseMessageAsSource>true</UseMessageAsSource>', {
      publisher: {
        publish({ data }) {
          text = Buffer.from(data).toString();
          return Promise.resolve('1');
        },
      },
    });
    expect(text).to.equal('the body');
  });

  const failures: Readonly<Record<string, RuntimeOptions>> = {
    'there is no publisher': {},
    'the publisher fails': { publisher: { publish: () => Promise.reject(new Error('no topic')) } },
    'the publisher throws at once': {
      publisher: {
        publish() {
          throw new Error('broken');
        },
      },
    },
  };
  for (const [what, options] of Object.entries(failures)) {
    it(`fails when ${what}`, async () => {
      const { flow, fault } = await run('<Source>s</Source>', options);
      expect(fault?.code).to.equal('steps.publishmessage.ExecutionFailed');
      expect(flow.variables.get('publishmessage.PM.failed')).to.equal(true);
      expect(flow.variables.get('publishmessage.message.id')).to.equal(null);
    });
  }

  it('goes to Pub/Sub with a token where that is the publisher', async () => {
    const calls: unknown[] = [];
    const google = await startUpstream({
      answers: [{ body: '{"messageIds":["42"]}' }],
      certificate: undefined,
      onCall({ method, target, headers, body }) {
        const token = headers.find(([name]) => /^authorization$/i.test(name))?.[1];
        calls.push([method, target, token, JSON.parse(Buffer.from(body).toString())]);
      },
    });
    const { flow } = await run('<Source>s</Source>', {
      publisher: 'pub-sub',
      tokens: fixedTokenProvider('T'),
      upstreams: { 'https://pubsub.googleapis.com': google.url },
    });
    expect(flow.variables.get('publishmessage.message.id')).to.equal('42');
    expect(calls).to.deep.equal([
      [
        'POST',
        '/v1/projects/local/topics/t:publish',
        'Bearer T',
        { messages: [{ data: 'cw==', attributes: {} }] },
      ],
    ]);
    await google.close();
  });

  it('lets no variable lead it to another path of Pub/Sub', async () => {
    const calls: unknown[] = [];
    const google = await startUpstream({
      answers: [{ body: '{"messageIds":["42"]}' }],
      certificate: undefined,
      onCall: (call) => calls.push(call),
    });
    const runtime = createRuntime({
      publisher: 'pub-sub',
      tokens: fixedTokenProvider('T'),
      upstreams: { 'https://pubsub.googleapis.com': google.url },
    });
    const xml = policy('<Source>s</Source>').replace('topics/t', 'topics/{v}');
    const compiled = runtime.compile(parsePolicy(xml));
    for (const v of ['t:setIamPolicy?', '../x', 't/../../x', 't?a', 't\r\nX: y']) {
      let fault: unknown;
      try {
        await compiled.run(runtime.newFlow({ variables: { v } }));
      } catch (error) {
        fault = error;
      }
      expect(fault, v).to.be.instanceOf(Fault);
    }
    expect(calls).to.be.empty;
    await runtime.close();
    await google.close();
  });

  const findings: Readonly<Record<string, readonly string[]>> = {
    '': ['invalid-source'],
    '<Source>a</Source><UseMessageAsSource>true</UseMessageAsSource>': ['invalid-source'],
    '<Source>a</Source><UseMessageAsSource>false</UseMessageAsSource>': [],
    '<UseMessageAsSource>true</UseMessageAsSource>': [],
  };
  for (const [children, codes] of Object.entries(findings)) {
    it(`is checked when it is deployed: ${children}`, () => {
      expect(checkPolicy(policy(children)).map(({ code }) => code)).to.deep.equal(codes);
    });
  }
});
