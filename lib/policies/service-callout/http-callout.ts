import { compileAuthentication, type Authentication } from '../../connection/authentication.ts';
import { encodeBody } from '../../connection/content-coding.ts';
import type { HttpTargetConnectionNode } from '../../connection/grammar/target-connections.ts';
import {
  compileHttpConnection,
  type Destination,
  type PreparedRequest,
} from '../../connection/http-connection.ts';
import { requestTarget } from '../../connection/request-target.ts';
import { hostHeader, urlHost } from '../../connection/target-url.ts';
import type { HeaderLine } from '../../message/header-lines.ts';
import type { OnUnresolved } from '../../template/template.ts';
import type { Flow } from '../../variables/flow.ts';
import { flowValueText, variableReference } from '../../variables/flow-variables.ts';
import { checkServiceAccount } from '../google-authentication/checks.ts';
import type { CompileContext } from '../policy-type.ts';
import type { CalloutConnection } from './outgoing-call.ts';
import { effectiveVerb } from './request-variable.ts';

const requestUri = variableReference('servicecallout.requesturi');
const targetHeaderHost = variableReference('target.header.host');

/** Compiles a callout's HTTPTargetConnection. */
export function compileHttpCallout(
  policy: string,
  node: HttpTargetConnectionNode,
  onUnresolved: OnUnresolved,
  context: CompileContext,
): CalloutConnection {
  const { report, environment, services } = context;
  const { transport, tokens } = services;
  if (node.authentication !== undefined) checkServiceAccount(policy, node.authentication, context);
  const connection = compileHttpConnection(node, { report, environment, transport });
  const authentication = compileAuthentication(node.authentication, tokens);
  const targetUrl = variableReference(`servicecallout.${policy}.target.url`);
  const expectedCommonName = variableReference(`servicecallout.${policy}.expectedcn`);
  const { compression, successCodes } = connection.properties;
  const coding = compression === 'gzip' || compression === 'deflate' ? compression : undefined;

  return {
    isSuccess: successCodes,
    prepare(flow, message) {
      const { variables } = flow;
      // What the engine wrote in an earlier run is no override: the URL is resolved anew, unless the flow
      // wrote again.
      const override = variables.isAnnounced(targetUrl)
        ? undefined
        : givenText(targetUrl.read(variables));
      const address = connection.address(flow, onUnresolved, override);
      const method = effectiveVerb(message);
      const bytes = message.hasBody ? message.bytes : null;
      const lines = message.headers.lines();
      const query = message.query.text();
      const path = message.path;
      const hostOverride = givenText(targetHeaderHost.read(variables));
      const commonName = variables.isAnnounced(expectedCommonName)
        ? undefined
        : givenText(expectedCommonName.read(variables));

      const announce = ({ origin, baseUrl, tls }: Destination, target: string): void => {
        requestUri.write(variables, target);
        variables.announce(targetUrl, baseUrl);
        message.url = `${origin.scheme}://${urlHost(origin.host)}${target}`;
        if (tls?.commonName !== undefined)
          variables.announce(expectedCommonName, tls.commonName.name);
      };

      const prepare = (destination: Destination): PreparedRequest | Promise<PreparedRequest> => {
        const target = requestTarget(destination, { path, query });
        const host = hostOverride ?? hostHeader(destination.origin);
        const request: PreparedRequest = {
          method,
          target,
          headers: withHost(lines, host),
          body: bytes,
        };
        announce(destination, target);
        if (authentication === undefined && (coding === undefined || bytes === null))
          return request;
        return finished(request, destination);
      };

      const finished = async (
        request: PreparedRequest,
        destination: Destination,
      ): Promise<PreparedRequest> => {
        let { headers, body } = request;
        if (authentication !== undefined)
          headers = await withToken(headers, authentication, flow, destination);
        if (coding !== undefined && body !== null) {
          body = await encodeBody(body, coding);
          headers = [...without(headers, 'content-encoding'), ['Content-Encoding', coding]];
        }
        return { ...request, headers, body };
      };

      return {
        send: (deadline) =>
          connection.send({
            flow,
            address,
            onUnresolved,
            expectedCommonName: commonName,
            prepare,
            deadline,
          }),
      };
    },
  };
}

function givenText(value: Parameters<typeof flowValueText>[0]): string | undefined {
  const text = flowValueText(value);
  return text === '' ? undefined : text;
}

/** A Host header of the message is never sent: the host is the URL's, or what `target.header.host` says. */
function withHost(lines: readonly HeaderLine[], host: string): HeaderLine[] {
  return [['Host', host], ...without(lines, 'host')];
}

function without(lines: readonly HeaderLine[], name: string): readonly HeaderLine[] {
  return lines.filter(
    ([lineName]) => lineName.length !== name.length || lineName.toLowerCase() !== name,
  );
}

async function withToken(
  lines: readonly HeaderLine[],
  authentication: Authentication,
  flow: Flow,
  { baseUrl }: Destination,
): Promise<readonly HeaderLine[]> {
  const name = authentication.headerName(flow);
  const value = await authentication.value(flow, baseUrl);
  return [...without(lines, name.toLowerCase()), [name, value]];
}
