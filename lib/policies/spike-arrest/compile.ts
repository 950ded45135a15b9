import { flowValueText } from '../../message/flow-value.ts';
import type { Flow } from '../../variables/flow.ts';
import { variableReference } from '../../variables/flow-variables.ts';
import type { CompileContext, Program } from '../policy-type.ts';
import { bucketName, counterFamily } from '../rate-limiting/counter-names.ts';
import { afterwards, compileCounting } from '../rate-limiting/counting.ts';
import { compileIdentifier } from '../rate-limiting/identifier.ts';
import { compileMessageWeight } from '../rate-limiting/message-weight.ts';
import { rateNotResolved, spikeArrestViolation } from './faults.ts';
import type { SpikeArrestPolicy } from './grammar.ts';
import { readRate, type AllowedRate } from './rate.ts';

/**
 * Compiles SpikeArrest: a token bucket for each identifier. Apigee divides a rate with UseEffectiveCount
 * among its nodes; here all that share a state store take from one bucket.
 */
export function compileSpikeArrest(policy: SpikeArrestPolicy, context: CompileContext): Program {
  const { name, identifier, messageWeight, useEffectiveCount } = policy;
  const rateOf = compileRate(policy);
  const identifierOf = compileIdentifier(identifier);
  const weightOf = compileMessageWeight(messageWeight);
  const family = counterFamily({ kind: 'spike-arrest', name, per: 'revision' });
  const counting = compileCounting(
    context.services.state.counters,
    useEffectiveCount?.value === true ? 'shared' : 'local',
    name,
  );
  return (flow) => {
    const rate = rateOf(flow);
    const weight = weightOf(flow);
    const id = { family: family(flow), bucket: bucketName(identifierOf(flow)) };
    return afterwards(
      counting(flow, (store) => store.take(id, rate, weight)),
      (isAllowed) => {
        if (!isAllowed) throw spikeArrestViolation(rate.text);
      },
    );
  };
}

/** The variable's rate, or that of the text where the variable is not set. */
function compileRate({ name, rate }: SpikeArrestPolicy): (flow: Flow) => AllowedRate {
  const literal = readRate(rate?.value ?? '');
  const ref = rate?.ref ?? '';
  const variable = ref === '' ? undefined : variableReference(ref);
  let last: { readonly source: string; readonly rate: AllowedRate } | undefined;
  return ({ variables }) => {
    const value = variable?.read(variables);
    if (value === null || value === undefined) {
      if (literal === undefined) throw rateNotResolved(name, ref);
      return literal;
    }
    const source = flowValueText(value);
    if (source === last?.source) return last.rate;
    const read = readRate(source);
    if (read === undefined) throw rateNotResolved(name, ref, source);
    last = { source, rate: read };
    return read;
  };
}
