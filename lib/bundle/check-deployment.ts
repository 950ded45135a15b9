import { diagnosticAt, type Diagnostic, type Report } from '../diagnostic/diagnostic.ts';
import type { Location } from '../diagnostic/location.ts';
import type { Environment } from '../host/environment.ts';
import { parseBasePath } from './base-path.ts';
import type { Bundle } from './bundle.ts';
import { conflict } from './checks/proxy-endpoints.ts';

/**
 * What is wrong between bundles that are deployed to one environment: names and base paths that collide,
 * and shared flows that are called and are not there, or call each other in a circle. What is wrong within
 * a bundle is `checkBundle`'s to say.
 */
export function checkDeployment(
  bundles: readonly Bundle[],
  environment: Environment,
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => diagnostics.push(diagnostic);
  checkNames(bundles, report);
  checkBasePaths(bundles, environment, report);
  checkCalls(bundles, report);
  checkCircles(bundles, report);
  checkHooks(bundles, environment, report);
  return diagnostics;
}

function checkNames(bundles: readonly Bundle[], report: Report): void {
  const seen = new Set<string>();
  for (const { kind, name, location } of bundles) {
    const key = `${kind} ${name}`;
    if (seen.has(key)) {
      const hint = 'Deploy one of them, or rename it.';
      report(diagnosticAt(location, 'error', 'duplicate-name', `Duplicate ${name}`, hint));
    }
    seen.add(key);
  }
}

function checkBasePaths(
  bundles: readonly Bundle[],
  { organization }: Environment,
  report: Report,
): void {
  const taken = new Map<string, Bundle>();
  for (const bundle of bundles) {
    const own = new Set<string>();
    for (const { httpProxyConnection, location } of bundle.proxyEndpoints.values()) {
      const basePath = httpProxyConnection?.basePath;
      const reading = parseBasePath(basePath?.value ?? '');
      if (reading.kind === 'invalid') continue;
      const { text } = reading.basePath;
      const holder = taken.get(text);
      if (holder !== undefined) {
        const { code, message, hint } = conflict(organization, holder, text);
        const place = basePath?.textLocation ?? location;
        report(diagnosticAt(place, 'error', code, message, hint));
      }
      own.add(text);
    }
    // A path that one bundle has twice is that bundle's own error.
    for (const text of own) if (!taken.has(text)) taken.set(text, bundle);
  }
}

interface Call {
  readonly to: string;
  readonly location: Location;
}

function callsOf({ policies }: Bundle): readonly Call[] {
  return [...policies.values()].flatMap(({ references }) =>
    references.flatMap((reference) =>
      reference.kind === 'shared-flow'
        ? [{ to: reference.name, location: reference.location }]
        : [],
    ),
  );
}

function sharedFlowBundles(bundles: readonly Bundle[]): ReadonlyMap<string, Bundle> {
  return new Map(
    bundles
      .filter(({ kind }) => kind === 'sharedflowbundle')
      .map((bundle) => [bundle.name, bundle] as const),
  );
}

function checkCalls(bundles: readonly Bundle[], report: Report): void {
  const sharedFlows = sharedFlowBundles(bundles);
  for (const bundle of bundles) {
    for (const { to, location } of callsOf(bundle)) {
      if (!sharedFlows.has(to)) reportNotFound(to, location, report);
    }
  }
}

function reportNotFound(name: string, location: Location, report: Report): void {
  const message = `Shared Flow ${name} Not Found`;
  const hint = 'Deploy it too; until then every call of it fails with flow.SharedFlowNotFound.';
  report(diagnosticAt(location, 'warning', 'SharedFlowNotFound', message, hint));
}

/** Follows calls until one leads to a shared flow that is being followed; no recursion, chains are long. */
function checkCircles(bundles: readonly Bundle[], report: Report): void {
  const sharedFlows = sharedFlowBundles(bundles);
  const finished = new Set<string>();
  for (const start of sharedFlows.keys()) {
    if (finished.has(start)) continue;
    const path = [frame(start, sharedFlows)];
    const open = new Set([start]);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const call = top.calls.pop();
      if (call === undefined) {
        finished.add(top.name);
        open.delete(top.name);
        path.pop();
      } else if (open.has(call.to)) {
        reportCircle(call, [...open], report);
      } else if (!finished.has(call.to) && sharedFlows.has(call.to)) {
        path.push(frame(call.to, sharedFlows));
        open.add(call.to);
      }
    }
  }
}

interface Frame {
  readonly name: string;
  /** Calls not followed yet. */
  readonly calls: Call[];
}

function frame(name: string, sharedFlows: ReadonlyMap<string, Bundle>): Frame {
  const bundle = sharedFlows.get(name);
  return { name, calls: bundle === undefined ? [] : [...callsOf(bundle)].reverse() };
}

const mostNamesShown = 10;

function reportCircle({ to, location }: Call, open: readonly string[], report: Report): void {
  const circle = open.slice(open.indexOf(to));
  const shown = circle.length > mostNamesShown ? [...circle.slice(0, mostNamesShown), '…'] : circle;
  const message = `Shared flows call each other in a circle: ${[...shown, to].join(' -> ')}.`;
  const hint = 'Break the circle; at run time calls end with a fault once they nest too deeply.';
  report(diagnosticAt(location, 'warning', 'shared-flow-circle', message, hint));
}

function checkHooks(
  bundles: readonly Bundle[],
  { name, flowHooks }: Environment,
  report: Report,
): void {
  const sharedFlows = sharedFlowBundles(bundles);
  for (const [point, { sharedFlow }] of flowHooks ?? []) {
    if (sharedFlows.has(sharedFlow)) continue;
    const message = `Shared Flow ${sharedFlow} Not Found, which ${point} of environment ${name} runs`;
    const place = { file: 'flowhooks.json', line: 1, column: 1 };
    const hint = 'Deploy the shared flow, or detach it from the hook.';
    report(diagnosticAt(place, 'warning', 'SharedFlowNotFound', message, hint));
  }
}
