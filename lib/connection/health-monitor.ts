import { diagnosticAt, type Report } from '../diagnostic/diagnostic.ts';
import type { Timer } from '../host/clock.ts';
import type { TargetServer } from '../host/environment.ts';
import type { Host } from '../host/host.ts';
import type { HealthMonitorNode } from './grammar/target-connections.ts';
import { compileProbe, type Probe, type ProbeSurroundings } from './health-probe.ts';
import type { LoadBalancer } from './load-balancer.ts';

/** What a monitor needs of the outside world. */
export type MonitorHost = Pick<Host, 'clock' | 'random' | 'log'>;

/** Probes that go on until somebody stops them. They do not by themselves keep the process alive. */
export interface Watch {
  /** No probe starts any more, and those under way are given up. */
  stop(): void;
}

export interface HealthMonitor {
  /** Probes the servers of a load balancer from now on, each for the first time after one interval. */
  watch(balancer: LoadBalancer, host: MonitorHost): Watch;
}

/**
 * Compiles the HealthMonitor of a target endpoint's connection ("Load balancing across backend servers").
 * Each server is probed one interval after its last probe has ended, whether it is in rotation or not.
 *
 * @param maxFailures of the load balancer: a monitor whose findings change nothing does not run
 * @returns undefined for a monitor without effect
 */
export function compileHealthMonitor(
  node: HealthMonitorNode,
  maxFailures: number,
  surroundings: ProbeSurroundings,
  report: Report,
): HealthMonitor | undefined {
  if (node.isEnabled?.value !== true || maxFailures <= 0) return undefined;
  const probe = compileProbe(node, surroundings, report);
  const interval = (node.intervalInSec?.value ?? 0) * 1000;
  if (interval <= 0) {
    report(
      diagnosticAt(
        node.intervalInSec?.location ?? node.location,
        'warning',
        'health-monitor-without-interval',
        'HealthMonitor has no effect: IntervalInSec is missing or not above 0.',
        'Set IntervalInSec to the seconds between two probes.',
      ),
    );
    return undefined;
  }
  if (probe === undefined) return undefined;
  return {
    watch(balancer, host) {
      const probedBy = host.random.uuid();
      const watches = balancer.servers.map((server) =>
        watchServer({ server, balancer, probe, interval, host, probedBy }),
      );
      return {
        stop() {
          for (const watch of watches) watch.stop();
        },
      };
    },
  };
}

interface WatchedServer {
  readonly server: TargetServer;
  readonly balancer: LoadBalancer;
  readonly probe: Probe;
  /** Milliseconds. */
  readonly interval: number;
  readonly host: MonitorHost;
  readonly probedBy: string;
}

function watchServer({ server, balancer, probe, interval, host, probedBy }: WatchedServer): Watch {
  const controller = new AbortController();
  const { signal } = controller;
  let timer: Timer | undefined;
  let last: 'success' | 'failure' = 'success';

  const found = (result: 'success' | 'failure', error?: unknown): void => {
    if (signal.aborted) return;
    balancer.report(server, result);
    if (result !== last) {
      const details = { server: server.name, error };
      host.log.warn(
        details,
        result === 'success'
          ? 'A target server passes its health checks again'
          : 'A target server fails its health check',
      );
    }
    last = result;
    wait();
  };
  const wait = (): void => {
    timer = host.clock.after(interval, () => {
      probe({ server, host, probedBy, signal }).then(
        () => {
          found('success');
        },
        (error: unknown) => {
          found('failure', error);
        },
      );
    });
  };
  wait();
  return {
    stop() {
      controller.abort();
      timer?.cancel();
    },
  };
}
