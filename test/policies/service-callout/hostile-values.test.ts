import { expect } from 'chai';
import fc from 'fast-check';
import type { ReceivedRequest } from '../../support/request-reader.ts';
import { startCalloutService, type CalloutService, type Outcome } from './callout-service.ts';

/** Where a value can reach a request. */
const slots = {
  header: '<Headers><Header name="X-Slot">{v}</Header></Headers>',
  query: '<QueryParams><QueryParam name="q">{v}</QueryParam></QueryParams>',
  form: '<FormParams><FormParam name="f">{v}</FormParam></FormParams>',
  payload: '<Payload contentType="text/plain; charset=utf-8">{v}</Payload>',
  'content type': '<Payload contentType="{v}">x</Payload>',
  path: '<Path>{v}</Path>',
  verb: '<Verb>{v}</Verb>',
} as const;

type Slot = keyof typeof slots | 'URL path' | 'URL query' | 'Host';
const slotNames: readonly Slot[] = [
  'header',
  'query',
  'form',
  'payload',
  'content type',
  'path',
  'verb',
  'URL path',
  'URL query',
  'Host',
];

function policyWith(slot: Slot): string {
  const url = slot === 'URL path' ? '/a/{v}/b' : slot === 'URL query' ? '/a?x={v}&amp;y=1' : '/a';
  const request = slot in slots ? slots[slot as keyof typeof slots] : '';
  return `<ServiceCallout name="SC"><Request><Set>${request}</Set></Request><Response>r</Response>
    <HTTPTargetConnection><URL>http://up.test${url}</URL></HTTPTargetConnection></ServiceCallout>`;
}

const run = ({ run: start }: CalloutService, slot: Slot, value: string): Promise<Outcome> =>
  start(policyWith(slot), { [slot === 'Host' ? 'target.header.host' : 'v']: value });

const invalid = 'Execution of ServiceCallout SC failed. Reason: Invalid characters in request';

const headerNames = ['host', 'x-slot', 'content-type', 'content-length', 'connection'];

/** That one request came which the policy meant, whatever the value was. */
function expectOneRequest(calls: readonly ReceivedRequest[], slot: Slot): void {
  expect(calls).to.have.length(1);
  const names = (calls[0]?.headers ?? []).map(([name]) => name.toLowerCase());
  expect(headerNames).to.include.members(names);
  expect(new Set(names).size, 'each header once').to.equal(names.length);
  expect(calls[0]?.target).to.match(slot === 'path' ? /^\/a/ : /^\/a[/?]?/);
  expect(calls[0]?.target).to.match(/^[!-~]+$/);
}

describe('hostile values in a ServiceCallout', () => {
  let service: CalloutService;
  beforeEach(async () => {
    service = await startCalloutService();
  });
  afterEach(() => service.close());

  const splitting = [
    'a\r\nX-Evil: 1',
    'a\nb',
    'a\rb',
    'a\0b',
    'a HTTP/1.1\r\n\r\nGET /evil HTTP/1.1\r\n\r\nb',
    '\x7f',
  ];
  const refusing: readonly Slot[] = [
    'header',
    'content type',
    'path',
    'verb',
    'URL path',
    'URL query',
    'Host',
  ];
  for (const slot of refusing) {
    for (const value of splitting) {
      it(`${JSON.stringify(value)} in the ${slot} is a fault, and the next call is well`, async () => {
        const { fault, flow } = await run(service, slot, value);
        expect(fault?.faultstring).to.equal(invalid);
        expect(flow.variables.get('r')).to.equal(null);
        expect(service.calls).to.be.empty;

        const next = await run(service, 'header', 'fine');
        expect(next.fault).to.equal(undefined);
        expectOneRequest(service.calls, 'header');
      });
    }
  }

  const encoding: readonly (readonly [
    slot: Slot,
    value: string,
    where: 'target' | 'body',
    text: string,
  ])[] = [
    ['query', 'a\r\nb\0', 'target', '/a?q=a%0D%0Ab%00'],
    ['query', '&x=1#f', 'target', '/a?q=%26x%3D1%23f'],
    ['query', '\ud800', 'target', '/a?q=%EF%BF%BD'],
    ['form', 'a\r\nb\0', 'body', 'f=a%0D%0Ab%00'],
    ['form', '&g=1+1', 'body', 'f=%26g%3D1%2B1'],
    ['payload', 'a\r\n\0b', 'body', 'a\r\n\0b'],
    ['path', '//evil.test/x', 'target', '/a//evil.test/x'],
    ['path', '/é #?', 'target', '/a/%C3%A9%20%23?'],
    ['URL path', '../../x', 'target', '/a/../../x/b'],
    ['URL query', 'a b', 'target', '/a?x=a%20b&y=1'],
  ];
  for (const [slot, value, where, text] of encoding) {
    it(`${JSON.stringify(value)} in the ${slot} goes out as ${JSON.stringify(text)}`, async () => {
      const { fault } = await run(service, slot, value);
      expect(fault).to.equal(undefined);
      expect(service.calls).to.have.length(1);
      expect(String(service.calls[0]?.[where])).to.equal(text);
    });
  }

  for (const slot of slotNames) {
    it(`half a megabyte in the ${slot} is sent or refused, and the next call is well`, async () => {
      const { fault } = await run(service, slot, 'x'.repeat(500_000));
      if (fault !== undefined) expect(fault.code).to.equal('steps.servicecallout.ExecutionFailed');
      else expect(service.calls).to.have.length(1);
      service.calls.length = 0;
      const next = await run(service, 'header', 'fine');
      expect(next.fault).to.equal(undefined);
      expectOneRequest(service.calls, 'header');
    });
  }

  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.string({
      unit: fc.constantFrom(
        '\r',
        '\n',
        '\0',
        ' ',
        ':',
        '/',
        '?',
        '#',
        '%',
        '@',
        '\\',
        'a',
        '\ud800',
        'é',
        '日',
      ),
      maxLength: 12,
    }),
    fc.array(fc.nat(0xffff), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
  );

  for (const slot of slotNames) {
    it(`any text in the ${slot} is one request as meant, or a fault`, async () => {
      await fc.assert(
        fc.asyncProperty(anyText, async (value) => {
          service.calls.length = 0;
          const { fault, flow } = await run(service, slot, value);
          if (fault === undefined) {
            expectOneRequest(service.calls, slot);
            expect(flow.variables.get('r.status.code')).to.equal(200);
          } else {
            expect(service.calls).to.be.empty;
            expect(fault.faultstring).to.equal(invalid);
          }
        }),
        { numRuns: 100 },
      );
    });
  }
});
