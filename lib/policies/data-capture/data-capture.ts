import { Fault } from '../../fault/fault.ts';
import { flowValueText } from '../../message/flow-value.ts';
import type { Flow } from '../../variables/flow.ts';
import { variableReference } from '../../variables/flow-variables.ts';
import { readsPayload } from '../payload-use.ts';
import type { CompileContext, PolicyType, Program } from '../policy-type.ts';
import { checkDataCapture } from './checks.ts';
import { compileCollect } from './collect.ts';
import { dataCaptureGrammar, type DataCapturePolicy } from './grammar.ts';

/** DataCapture: captures values for analytics ("DataCapture policy"). */
export const dataCapture: PolicyType<DataCapturePolicy> = {
  type: 'DataCapture',
  grammar: dataCaptureGrammar,
  variablePrefix: 'datacapture',
  support:
    'whole grammar; values go to `dataCapture` and to the trace, types of collectors are not checked',
  touchesPayload: (policy) =>
    policy.capture.some(
      ({ collect }) =>
        collect?.jsonPayload !== undefined ||
        collect?.xmlPayload !== undefined ||
        collect?.formParam !== undefined,
    ) || readsPayload(policy),
  check: checkDataCapture,
  compile: compileDataCapture,
};

/** Values that one transaction may capture, and bytes that one may have ("DataCapture policy", limits). */
const mostValues = 100;
const longestValue = 400;

const errorsVariable = variableReference('dataCapturePolicyErrors');
const countKey = 'DataCapture: captured values';

type Value = string | number | boolean | bigint;

function compileDataCapture(
  { name: policy, capture, ignoreUnresolvedVariables, throwExceptionOnLimit }: DataCapturePolicy,
  { report, services }: CompileContext,
): Program {
  const captures = capture.flatMap(({ dataCollector, collect }) =>
    dataCollector === undefined || collect === undefined
      ? []
      : [
          {
            collector: dataCollector.value ?? '',
            isVariable: collect.ref !== '',
            collect: compileCollect(collect, policy, report),
          },
        ],
  );
  const ignores = ignoreUnresolvedVariables?.value === true;
  const throws = throwExceptionOnLimit?.value === true;

  return (flow) => {
    const values = new Map<string, Value | null>();
    const errors: string[] = [];
    const exceed = (error: string, faultstring: string): void => {
      if (throws) throw limitExceeded(error, faultstring);
      errors.push(error);
    };
    for (const { collector, isVariable, collect } of captures) {
      const collected = collect(flow);
      if (collected.kind === 'failure') {
        if (collected.error !== 'UnresolvedVariable' || !ignores) errors.push(collected.error);
      }
      // Reports show a variable without a value as "Not set"; a pattern that does not match is not there.
      if (collected.kind !== 'value' && !isVariable) continue;
      if (!countOne(flow)) {
        exceed(
          'VariableCountLimitExceeded',
          `DataCapture ${policy} captures more than ${mostValues} values`,
        );
        continue;
      }
      const value = collected.kind === 'value' ? collected.value : null;
      values.set(
        collector,
        typeof value === 'string'
          ? shortened(value, () => {
              exceed(
                'VariableValueLimitExceeded',
                `The value of ${collector} in DataCapture ${policy} has more than ${longestValue} bytes`,
              );
            })
          : value,
      );
    }
    for (const [collector, value] of values) {
      flow.passage.print(
        policy,
        `${collector}=${value === null ? 'Not set' : flowValueText(value)}`,
      );
    }
    if (errors.length > 0) errorsVariable.write(flow.variables, errors.join(', '));
    const proxy = flowValueText(flow.variables.get('apiproxy.name'));
    try {
      services.dataCapture.capture({ policy, proxy, values });
    } catch (error) {
      flow.host.log.warn({ policy, error }, 'Captured data could not be recorded');
    }
  };
}

/** Whether the transaction may capture one more value. */
function countOne({ passage: { session } }: Flow): boolean {
  const before = session.get(countKey);
  const count = typeof before === 'number' ? before : 0;
  if (count >= mostValues) return false;
  session.set(countKey, count + 1);
  return true;
}

function shortened(value: string, tell: () => void): string {
  const bytes = Buffer.from(value, 'utf8');
  if (bytes.byteLength <= longestValue) return value;
  tell();
  // The decoder makes a character that was cut in two into U+FFFD.
  return bytes
    .subarray(0, longestValue)
    .toString('utf8')
    .replace(/\ufffd$/, '');
}

function limitExceeded(error: string, faultstring: string): Fault {
  return new Fault({ code: `steps.datacapture.${error}`, faultstring });
}
