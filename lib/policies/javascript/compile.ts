import { compileHttpConnection } from '../../connection/http-connection.ts';
import { compileScript } from '../../script/script.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import { scriptFailed } from './faults.ts';
import type { JavascriptPolicy } from './grammar.ts';
import { HttpClient } from './http-client.ts';
import { kindOf, sandboxesFor } from './sandboxes.ts';
import { scriptFiles } from './script-files.ts';
import { ScriptProgram } from './script-program.ts';

/** Compiles Javascript: its files once; the engine is started so that it is there when the first run is. */
export function compileJavascript(policy: JavascriptPolicy, context: CompileContext): Program {
  const { name, location, properties, sslInfo, timeLimit = 0 } = policy;
  const { report, environment, services } = context;
  const files = scriptFiles(policy, context);
  const settings = (properties?.property ?? []).map(
    (property) => [property.name, property.value ?? ''] as const,
  );
  const script =
    files === undefined
      ? undefined
      : compileScript(files, { properties: Object.fromEntries(settings) }, report);
  const connection = compileHttpConnection(
    { ...noConnection, location, sslInfo },
    { report, environment, transport: services.transport },
  );
  // Reported by now, or a policy that stands alone: it is only checked, not run.
  if (script === undefined) {
    return () => {
      throw scriptFailed(name, 'the script is not there, or could not be compiled');
    };
  }
  const program = new ScriptProgram(
    { name, timeLimit: Math.max(0, timeLimit) },
    script,
    new HttpClient(name, connection, services),
  );
  // Whoever runs the policy is told of a failure.
  sandboxesFor(kindOf(script))
    .start()
    .catch(() => undefined);
  return (flow) => program.run(flow);
}

/** httpClient calls whatever URL a script names; of a connection it has only its SSLInfo. */
const noConnection = {
  url: undefined,
  loadBalancer: undefined,
  path: undefined,
  properties: undefined,
  authentication: undefined,
  healthMonitor: undefined,
};
