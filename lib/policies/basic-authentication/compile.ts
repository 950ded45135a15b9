import type { Flow } from '../../variables/flow.ts';
import { flowValueText, variableReference } from '../../variables/flow-variables.ts';
import type { Program } from '../policy-type.ts';
import { decodeCredentials, encodeCredentials } from './credentials.ts';
import { invalidSource, unresolvedVariable } from './faults.ts';
import type { BasicAuthenticationPolicy } from './grammar.ts';

/** Compiles BasicAuthentication ("BasicAuthentication policy"). */
export function compileBasicAuthentication(policy: BasicAuthenticationPolicy): Program {
  const ignores = policy.ignoreUnresolvedVariables?.value !== false;
  const read = (name: string): ((flow: Flow) => string | undefined) => {
    const variable = variableReference(name);
    return ({ variables }) => {
      const value = variable.read(variables);
      if (value !== null && value !== undefined) return flowValueText(value);
      if (ignores) return undefined;
      throw unresolvedVariable(name);
    };
  };
  return policy.operation?.value === 'Decode' ? decode(policy, read) : encode(policy, read);
}

type Reader = (name: string) => (flow: Flow) => string | undefined;

function encode({ user, password, assignTo }: BasicAuthenticationPolicy, read: Reader): Program {
  const userIn = read(user?.ref ?? '');
  const passwordIn = read(password?.ref ?? '');
  const target = variableReference(assignTo?.value ?? '');
  const replaces = assignTo?.createNew === true;
  return (flow) => {
    const value = encodeCredentials({
      user: userIn(flow) ?? '',
      password: passwordIn(flow) ?? '',
    });
    const isSet = (target.read(flow.variables) ?? null) !== null;
    if (replaces || !isSet) target.write(flow.variables, value);
  };
}

function decode({ user, password, source }: BasicAuthenticationPolicy, read: Reader): Program {
  const name = source?.value ?? '';
  const header = read(name);
  const userOut = variableReference(user?.ref ?? '');
  const passwordOut = variableReference(password?.ref ?? '');
  return (flow) => {
    const text = header(flow);
    if (text === undefined) return;
    const credentials = decodeCredentials(text);
    if (credentials === undefined) throw invalidSource(name);
    userOut.write(flow.variables, credentials.user);
    passwordOut.write(flow.variables, credentials.password);
  };
}
