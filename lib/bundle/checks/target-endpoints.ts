import { checkHttpConnection, checkLocalConnection } from '../../connection/connection-checks.ts';
import { compileHttpConnection } from '../../connection/http-connection.ts';
import type { HttpTargetConnectionNode } from '../../connection/grammar/target-connections.ts';
import { unavailableServices } from '../../policies/unavailable-services.ts';
import { compileTemplate } from '../../template/template.ts';
import type { TargetConnectionNode, TargetEndpoint } from '../bundle.ts';
import { error, warn, type Check, type CheckContext } from './check-context.ts';

/** A target endpoint has one connection, and it can work. */
export const checkTargetEndpoints: Check = (context) => {
  for (const endpoint of context.bundle.targetEndpoints.values()) {
    checkConnectionCount(endpoint, context);
    for (const connection of endpoint.connections) checkConnection(endpoint, connection, context);
  }
};

function checkConnectionCount(
  { connections, location }: TargetEndpoint,
  { report }: CheckContext,
): void {
  const [first, ...others] = connections;
  if (first === undefined) {
    error(
      location,
      {
        code: 'connection-missing',
        message: 'Missing one of [LocalTargetConnection,HTTPTargetConnection]',
        hint: 'Add an HTTPTargetConnection with a URL, or a LocalTargetConnection.',
      },
      report,
    );
    return;
  }
  for (const { type, location: place } of others) {
    const message = `${type} element conflicts with ${first.type} on line ${first.location.line}`;
    error(place, { code: 'two-connections', message, hint: 'Leave one of them.' }, report);
  }
}

function checkConnection(
  { name }: TargetEndpoint,
  connection: TargetConnectionNode,
  context: CheckContext,
): void {
  const { report } = context;
  const owner = { subject: `TargetEndpoint ${name}`, kind: 'target-endpoint' } as const;
  switch (connection.type) {
    case 'HTTPTargetConnection':
      checkHttpConnection(connection, owner, report);
      checkHttp(connection, context);
      return;
    case 'LocalTargetConnection': {
      checkLocalConnection(connection, owner, report);
      const { apiProxy, proxyEndpoint, path } = connection;
      for (const leaf of [apiProxy, proxyEndpoint, path]) {
        if (leaf === undefined) continue;
        compileTemplate(leaf.value ?? '', { location: leaf.textLocation, report });
      }
      return;
    }
    case 'ScriptTarget':
    case 'HostedTarget':
    case 'WebSocketTargetConnection': {
      const message = `${connection.type} is not supported; only Apigee Edge has it.`;
      const hint = 'Use an HTTPTargetConnection to a service that runs on its own.';
      error(connection.location, { code: 'unsupported-connection', message, hint }, report);
    }
  }
}

function checkHttp(
  connection: HttpTargetConnectionNode,
  { environment, report }: CheckContext,
): void {
  const { healthMonitor, loadBalancer } = connection;
  if (
    healthMonitor !== undefined &&
    loadBalancer !== undefined &&
    (loadBalancer.maxFailures?.value ?? 0) === 0
  ) {
    warn(
      healthMonitor.location,
      {
        code: 'health-monitor-without-max-failures',
        message: 'HealthMonitor has no effect: MaxFailures is 0, so no server is ever taken out.',
        hint: 'Set MaxFailures of the LoadBalancer above 0.',
      },
      report,
    );
  }
  const { transport } = unavailableServices;
  compileHttpConnection(connection, { report, environment, transport });
}
