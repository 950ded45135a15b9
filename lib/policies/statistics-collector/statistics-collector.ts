import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import { flowValueText, type FlowValue } from '../../message/flow-value.ts';
import { Message } from '../../message/message.ts';
import { variableReference } from '../../variables/flow-variables.ts';
import { castValue } from '../extract-variables/cast.ts';
import { readsPayload } from '../payload-use.ts';
import type { CompileContext, PolicyType, Program } from '../policy-type.ts';
import {
  statisticsCollectorGrammar,
  statisticTypes,
  type StatisticsCollectorPolicy,
  type StatisticType,
} from './grammar.ts';

/** Characters that a value may have ("Statistics Collector policy"). */
const longestValue = 1_000;

/** Names that analytics has itself. */
const systemNames: ReadonlySet<string> = new Set([
  'apiproxy',
  'apiproxyrevision',
  'client_id',
  'environment',
  'organization',
  'proxy',
]);

/** StatisticsCollector: collects values for analytics ("Statistics Collector policy"). */
export const statisticsCollector: PolicyType<StatisticsCollectorPolicy> = {
  type: 'StatisticsCollector',
  grammar: statisticsCollectorGrammar,
  variablePrefix: 'statisticscollector',
  support: 'whole grammar; values go to `statistics` and to the trace',
  touchesPayload: (policy) => readsPayload(policy),
  check: checkStatisticsCollector,
  compile: compileStatisticsCollector,
};

/** The deployment's rules, by Apigee's names. */
function checkStatisticsCollector(
  { name: policy, statistics }: StatisticsCollectorPolicy,
  report: Report,
): void {
  for (const { name, type, location } of statistics?.statistic ?? []) {
    const tell = (code: string, message: string, hint: string): void => {
      report(
        diagnosticAt(location, 'error', code, `StatisticsCollector[${policy}]: ${message}`, hint),
      );
    };
    if (!/^\w+$/.test(name) || systemNames.has(name.toLowerCase())) {
      const hint = 'Use letters, digits and _, and none of the names that analytics has itself.';
      tell('InvalidName', `"${name}" cannot be the name of a statistic.`, hint);
    }
    const types = statisticTypes.join(', ');
    if (type === '') tell('DatatypeMissing', `${name} has no type.`, `Write one of ${types}.`);
    else if (typeOf(type) === undefined) {
      tell('UnsupportedDatatype', `${name} has the type "${type}".`, `Write one of ${types}.`);
    }
  }
}

function compileStatisticsCollector(
  { name: policy, statistics: node }: StatisticsCollectorPolicy,
  { services: { statistics } }: CompileContext,
): Program {
  const items = (node?.statistic ?? []).map(({ name, ref, type, value }) => ({
    name,
    variable: ref === '' ? undefined : variableReference(ref),
    type: typeOf(type) ?? 'string',
    fallback: value === undefined || value === '' ? null : value,
  }));
  return (flow) => {
    const values = new Map<string, FlowValue>();
    for (const { name, variable, type, fallback } of items) {
      const value = variable?.read(flow.variables) ?? fallback;
      if (value === null) continue;
      const collected = typed(value, type);
      values.set(name, collected);
      const isPrivate = variable?.name.startsWith('private.') === true;
      flow.passage.print(policy, `${name}=${isPrivate ? '*****' : flowValueText(collected)}`);
    }
    const proxy = flowValueText(flow.variables.get('apiproxy.name'));
    try {
      statistics.record({ policy, proxy, values });
    } catch (error) {
      flow.host.log.warn({ policy, error }, 'Statistics could not be recorded');
    }
  };
}

/** Analytics takes what is not of the type as text. */
function typed(value: FlowValue, type: StatisticType): FlowValue {
  const isScalar = typeof value !== 'object' && typeof value !== 'string';
  if (isScalar && type !== 'string') return value;
  const text = value instanceof Message ? value.content : flowValueText(value);
  return type === 'string'
    ? text.slice(0, longestValue)
    : (castValue(text, type) ?? text.slice(0, longestValue));
}

function typeOf(text: string): StatisticType | undefined {
  return statisticTypes.find((type) => type === text.toLowerCase());
}
