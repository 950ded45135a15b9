import {
  createGateway,
  createRedisState,
  listen,
  loadBundle,
  systemClock,
} from '../../../lib/index.ts';

/** A gateway in a process of its own: `node gateway-process.ts FOLDER STORE`. Tells its port, ends when let go. */
const [folder = '', store = ''] = process.argv.slice(2);
const log = { warn: () => undefined, error: () => undefined };
const gateway = await createGateway({
  bundles: [await loadBundle(folder)],
  stores: createRedisState(store, { clock: systemClock, log }),
});
const server = await listen(gateway, { port: 0 });
process.once('disconnect', () => {
  void server.close().then(() => gateway.close());
});
process.send?.(server.port);
