import { expect } from 'chai';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import type { Bundle } from '../../../lib/bundle/bundle.ts';
import { checkBundle } from '../../../lib/bundle/check-bundle.ts';
import { checkDeployment } from '../../../lib/bundle/check-deployment.ts';
import { loadBundle } from '../../../lib/bundle/load-bundle.ts';
import type { Diagnostic } from '../../../lib/diagnostic/diagnostic.ts';
import { loadEnvironment } from '../../../lib/environment/load-environment.ts';
import { createGateway } from '../../../lib/gateway/gateway.ts';
import { listen } from '../../../lib/gateway/node-server.ts';
import { emptyEnvironment, type Environment } from '../../../lib/host/environment.ts';
import { buildZip } from '../../bundle/build-zip.ts';
import { sendRequest, type WireRequest, type WireResponse } from '../../support/client.ts';
import { compareCalls, compareVariables, projectHeaders } from '../compare.ts';
import { openWire, type Wire } from '../wire.ts';
import { bundleFiles, bundleTexts } from './bundle-files.ts';
import type {
  BundleText,
  ExpectedFinding,
  ExpectedResponse,
  RequestText,
  RuntimeCase,
  RuntimeExpectation,
} from './case.ts';
import { Watcher } from './watcher.ts';

/** Deploys a case's bundles, sends its requests, and compares everything it expects. */
export async function playCase(one: RuntimeCase): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'apigee-runtime-case-'));
  try {
    const environment = await environmentOf(one, join(folder, 'environment'));
    const bundles = await Promise.all(
      Object.entries(bundleTexts(one)).map(([name, text]) => load(join(folder, name), name, text)),
    );
    const found = [
      ...bundles.flatMap((bundle) => checkBundle(bundle, { environment })),
      ...checkDeployment(bundles, environment),
    ];
    compareFindings(found, one.expect);
    if (one.expect.deploys !== false) await run(one, bundles, environment);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function environmentOf({ environment }: RuntimeCase, folder: string): Promise<Environment> {
  if (environment === undefined) return emptyEnvironment;
  const files = Object.entries(environment).map(
    ([name, content]) => [`${name}.json`, JSON.stringify(content)] as const,
  );
  await writeFiles(folder, Object.fromEntries(files));
  return (await loadEnvironment(folder)).environment;
}

async function load(folder: string, name: string, text: BundleText): Promise<Bundle> {
  if (text.zip === undefined) {
    await writeFiles(folder, bundleFiles(name, text));
    return loadBundle(folder);
  }
  const entries = Object.entries(text.zip).map(([path, content]) => ({ name: path, content }));
  const file = `${folder}.zip`;
  await writeFile(file, buildZip(entries));
  return loadBundle(file);
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

function compareFindings(found: readonly Diagnostic[], expected: RuntimeExpectation): void {
  const errors = found.filter(({ severity }) => severity === 'error');
  expect(findings(errors, expected.errors), 'errors').to.deep.equal(expected.errors ?? []);
  if (expected.deploys === false) expect(errors, 'errors that refuse it').to.not.deep.equal([]);
  if (expected.warnings === undefined) return;
  const warnings = found.filter(({ severity }) => severity === 'warning');
  expect(findings(warnings, expected.warnings), 'warnings').to.deep.equal(expected.warnings);
}

/** What was found in the form of what is expected. */
function findings(
  found: readonly Diagnostic[],
  expected: readonly ExpectedFinding[] = [],
): readonly unknown[] {
  return found.map(({ code, message, hint = '' }, index) => {
    const { mentions } = expected[index] ?? {};
    if (mentions === undefined) return { code };
    const text = `${message}\n${hint}`;
    return { code, mentions: mentions.every((part) => text.includes(part)) ? mentions : [text] };
  });
}

/** A request that was answered, and how its transaction looked if it came to a proxy. */
interface Outcome {
  readonly response: WireResponse;
  readonly watcher: Watcher;
}

async function run(
  one: RuntimeCase,
  bundles: readonly Bundle[],
  environment: Environment,
): Promise<void> {
  const wire = await openWire({
    ...(one.certificates === undefined ? {} : { certificates: one.certificates }),
    upstreams: one.upstreams ?? { 'http://t.test': {} },
  });
  let watcher = new Watcher({});
  const gateway = await createGateway({
    bundles,
    environment,
    upstreams: wire.mapping,
    recorderFor: () => watcher,
  });
  const server = await listen(gateway, { port: 0 });
  try {
    const outcomes: Outcome[] = [];
    for (const request of one.requests ?? [one.request ?? 'GET /b']) {
      watcher = new Watcher(one.expect.at ?? {});
      const response = await sendRequest(server.port, wireRequest(request));
      // The PostClientFlow too has run by then.
      await gateway.idle();
      outcomes.push({ response, watcher });
    }
    compareOutcomes(outcomes, one.expect);
    compareTraffic(wire, one.expect);
  } finally {
    await wire.close();
    await server.close();
  }
}

function wireRequest(request: string | RequestText): WireRequest {
  const [shortMethod, shortTarget] = typeof request === 'string' ? request.split(' ') : [];
  const text: RequestText =
    typeof request === 'string'
      ? { method: shortMethod ?? 'GET', target: shortTarget ?? '/b' }
      : request;
  const { method = 'GET', target = '/b', headers = {}, body = '', bodySize, encoding } = text;
  const plain = bodySize === undefined ? Buffer.from(body) : Buffer.alloc(bodySize, 'x');
  const coded =
    encoding === 'gzip' ? gzipSync(plain) : encoding === 'deflate' ? deflateSync(plain) : plain;
  const lines = Object.entries(headers).flatMap(([name, values]) =>
    (typeof values === 'string' ? [values] : values).map((value) => [name, value] as const),
  );
  return {
    method,
    target,
    headers: [
      ['Host', 'gateway.test'],
      ...lines,
      ...(encoding === undefined ? [] : [['Content-Encoding', encoding] as const]),
    ],
    body: coded,
  };
}

function compareOutcomes(outcomes: readonly Outcome[], expected: RuntimeExpectation): void {
  const wanted = expected.responses ?? (expected.response === undefined ? [] : [expected.response]);
  if (wanted.length > 0) {
    const found = outcomes.map(({ response }, index) => projectResponse(response, wanted[index]));
    expect(found, 'responses').to.deep.equal(wanted);
  }
  for (const name of expected.distinct ?? []) {
    const values = outcomes.map(({ watcher }) => watcher.variables().get(name));
    expect(new Set(values).size, `${name} in ${values.length} transactions`).to.equal(
      values.length,
    );
  }
  const watcher = outcomes.at(-1)?.watcher;
  if (watcher === undefined) return;
  if (expected.traceWhenSent !== undefined) {
    expect(watcher.traceWhenSent, 'markers that ran before it was sent').to.equal(
      expected.traceWhenSent,
    );
  }
  if (expected.trace !== undefined) {
    expect(watcher.trace(), 'markers that ran').to.equal(expected.trace);
  }
  watcher.compare();
  if (expected.variables !== undefined) compareVariables(watcher.variables(), expected.variables);
}

function projectResponse(
  { status, reason, headers, body }: WireResponse,
  wanted: ExpectedResponse | undefined,
) {
  return {
    status,
    ...(wanted?.reason === undefined ? {} : { reason }),
    ...(wanted?.headers === undefined ? {} : { headers: projectHeaders(headers, wanted.headers) }),
    ...(wanted?.bodySize === undefined ? {} : { bodySize: body.byteLength }),
    ...(wanted?.body === undefined ? {} : { body: plainBody(headers, body).toString('utf8') }),
  };
}

/** A body without its content coding, where it is what its header says. */
function plainBody(
  headers: readonly (readonly [name: string, value: string])[],
  body: Uint8Array,
): Buffer {
  const coding = headers.find(([name]) => name.toLowerCase() === 'content-encoding')?.[1];
  try {
    if (coding === 'gzip') return gunzipSync(body);
    if (coding === 'deflate') return inflateSync(body);
  } catch {
    // Shown as it came.
  }
  return Buffer.from(body);
}

function compareTraffic({ calls }: Wire, expected: RuntimeExpectation): void {
  if (expected.calls !== undefined) {
    const observed = calls.map(({ origin, request }) => ({
      method: request.method,
      url: origin + request.target,
      headers: request.headers,
      body: plainBody(request.headers, request.body),
    }));
    compareCalls(observed, expected.calls);
  }
  if (expected.callsTo !== undefined) {
    const counts = Object.keys(expected.callsTo).map(
      (wanted) => [wanted, calls.filter(({ origin }) => origin === wanted).length] as const,
    );
    expect(Object.fromEntries(counts), 'calls by origin').to.deep.equal(expected.callsTo);
  }
}
