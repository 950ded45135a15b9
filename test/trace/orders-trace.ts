import { debugSessionText } from '../../lib/trace/debug-session.ts';
import { memoryTraces } from '../../lib/trace/memory-traces.ts';
import { checksSharedFlow, ordersProxy } from './orders-proxy.ts';
import { clientRequest, deploy, runToEnd } from './play.ts';

/** The trace of one call of the orders proxy, under a clock and a chance that never change. */
export async function ordersTrace(): Promise<string> {
  const deployment = await deploy({ proxy: ordersProxy, sharedFlow: checksSharedFlow });
  const traces = memoryTraces();
  const request = clientRequest({
    method: 'POST',
    target: '/orders/7?name=Ada&apikey=secret',
    headers: [
      ['Host', 'api.example.com'],
      ['X-Api-Key', 'secret'],
      ['Content-Type', 'application/octet-stream'],
    ],
    body: Uint8Array.of(0, 255, 254, 10),
  });
  await runToEnd(deployment, request, traces.recorderFor());
  const [record] = traces.records();
  if (record === undefined) throw new Error('Nothing was recorded');
  return debugSessionText(record);
}
