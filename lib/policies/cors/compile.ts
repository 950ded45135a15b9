import { Fault } from '../../fault/fault.ts';
import { compileTemplate, type OnUnresolved } from '../../template/template.ts';
import type { Flow } from '../../variables/flow.ts';
import { wholeNumber } from '../../xml/grammar/value.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import { crossOriginRequest, type CrossOriginRequest } from './cross-origin-request.ts';
import { unresolvedVariable } from './faults.ts';
import type { CorsPolicy } from './grammar.ts';
import { accepts, allowedOrigin, grant, preflightResponse, type Permission } from './permission.ts';

const usualMethods = 'GET, POST, HEAD, OPTIONS';
const usualHeaders =
  'Origin, Accept, X-Requested-With, Content-Type, Access-Control-Request-Method, Access-Control-Request-Headers';
const usualMaxAge = 1800;

/**
 * Compiles CORS. A preflight is answered here and goes on in the response PreFlow of the proxy; of any
 * other request with an Origin the headers are set when its response leaves, be it a fault
 * ("CORS policy", OPTIONS requests).
 */
export function compileCors(policy: CorsPolicy, { report }: CompileContext): Program {
  const { name, ignoreUnresolvedVariables } = policy;
  const onUnresolved: OnUnresolved =
    ignoreUnresolvedVariables?.value === false
      ? (variable) => unresolvedVariable(name, variable)
      : 'ignore';
  const answersPreflights = policy.generatePreflightResponse?.value !== false;
  const list = (node: TextNode, usual: string): ((flow: Flow) => string) => {
    if (node === undefined || (node.value ?? '') === '') return () => usual;
    const template = compileTemplate(node.value ?? '', { location: node.textLocation, report });
    return (flow) => template.render(flow, onUnresolved).trim();
  };
  const origins = list(policy.allowOrigins, '');
  const methods = list(policy.allowMethods, usualMethods);
  const headers = list(policy.allowHeaders, usualHeaders);
  const exposed = list(policy.exposeHeaders, '');
  const maxAge = wholeNumber(policy.maxAge?.value ?? '') ?? usualMaxAge;
  const credentials = policy.allowCredentials?.value;
  const lists = (flow: Flow): Lists => ({
    origins: origins(flow),
    methods: methods(flow),
    headers: headers(flow),
    exposed: exposed(flow),
  });

  return (flow) => {
    const request = crossOriginRequest(flow.variables.message('request'));
    const isPreflight = request?.type === 'PRE_FLIGHT';
    // Behind the request there is nothing to answer in place of.
    const isAnswered = isPreflight && answersPreflights && flow.variables.phase === 'request';
    const rendered = isAnswered ? atOnce(flow, lists) : lists(flow);
    if (request === undefined) return;
    const origin = allowedOrigin(rendered.origins, request);
    const permission: Permission = { ...rendered, origin, credentials, maxAge };
    setVariables(flow, request, permission);
    if (!isPreflight) {
      flow.passage.beforeResponse((response) => {
        grant(response, permission);
      });
    } else if (isAnswered) {
      flow.variables.set('response', preflightResponse(permission));
      flow.passage.skipTo({ kind: 'proxy-response' });
    }
  };
}

type TextNode = CorsPolicy['allowOrigins'];
type Lists = Pick<Permission, 'origins' | 'methods' | 'headers' | 'exposed'>;

/** A preflight that fails is answered with its fault, past all fault rules ("CORS policy", Fault variables). */
function atOnce(flow: Flow, lists: (flow: Flow) => Lists): Lists {
  try {
    return lists(flow);
  } catch (error) {
    if (error instanceof Fault) flow.passage.sendAsItIs(error);
    throw error;
  }
}

function setVariables(flow: Flow, request: CrossOriginRequest, permission: Permission): void {
  const { origin, origins, methods, headers, exposed, credentials, maxAge } = permission;
  const isPreflight = request.type === 'PRE_FLIGHT';
  const values = {
    'allow.credentials': credentials,
    'allow.headers': headers,
    'allow.methods': methods,
    'allow.origin': origin,
    'allow.origins.list': origins,
    'expose.headers': exposed === '' ? null : exposed,
    'max.age': maxAge,
    'preflight.accepted': isPreflight ? accepts(permission, request) : null,
    'request.headers': isPreflight ? request.headers : null,
    'request.method': isPreflight ? request.method : null,
    'request.origin': request.origin,
    'request.type': request.type,
  };
  for (const [name, value] of Object.entries(values)) {
    flow.variables.set(`cross_origin_resource_sharing.${name}`, value);
  }
}
