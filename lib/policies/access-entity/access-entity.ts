import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { Entity, EntityIdentifier } from '../../entities/entities.ts';
import { Fault } from '../../fault/fault.ts';
import { flowValueText } from '../../message/flow-value.ts';
import type { Flow } from '../../variables/flow.ts';
import { variableReference } from '../../variables/flow-variables.ts';
import { readsPayload } from '../payload-use.ts';
import type { CompileContext, PolicyType, Program } from '../policy-type.ts';
import { accessEntityGrammar, type AccessEntityPolicy } from './grammar.ts';
import { isEntityType, profileXml } from './profile.ts';

/** AccessEntity: reads the profile of an app, developer or API product ("AccessEntity policy"). */
export const accessEntity: PolicyType<AccessEntityPolicy> = {
  type: 'AccessEntity',
  grammar: accessEntityGrammar,
  variablePrefix: 'accessentity',
  support: 'whole grammar; entities come from `entities`, and nothing is found without it',
  touchesPayload: (policy) => readsPayload(policy),
  check: checkAccessEntity,
  compile: compileAccessEntity,
};

function checkAccessEntity(policy: AccessEntityPolicy, report: Report): void {
  const { name, location, entityType } = policy;
  const tell = (code: string, message: string, hint: string): void => {
    report(diagnosticAt(location, 'error', code, `AccessEntity[${name}]: ${message}`, hint));
  };
  const type = typeOf(policy);
  if (type === '') tell('missing-entity-type', 'the EntityType is missing.', 'Write value="app".');
  else if (!isEntityType(type)) {
    const place = entityType?.location ?? location;
    const message = `AccessEntity[${name}]: "${type}" is no type of entity that is known; nothing is found.`;
    report(
      diagnosticAt(
        place,
        'warning',
        'unknown-entity-type',
        message,
        'Write app, developer, apiproduct or consumerkey.',
      ),
    );
  }
  const { entityIdentifier, secondaryIdentifier } = identifiersOf(policy);
  if (entityIdentifier === undefined) {
    tell('missing-identifier', 'the EntityIdentifier is missing.', 'Add one with ref and type.');
  }
  if (secondaryIdentifier !== undefined) {
    const { ref, type: kind, value = '' } = secondaryIdentifier;
    if ((ref === '' && value === '') || kind === '') {
      tell(
        'incomplete-identifier',
        'the SecondaryIdentifier needs both ref and type.',
        'Add what is missing.',
      );
    }
  }
}

function compileAccessEntity(
  policy: AccessEntityPolicy,
  { services: { entities } }: CompileContext,
): Program {
  const { name, outputFormat } = policy;
  const type = typeOf(policy);
  const { entityIdentifier, secondaryIdentifier } = identifiersOf(policy);
  const result = variableReference(`AccessEntity.${name}`);
  const write = (flow: Flow, entity: Entity | undefined): void => {
    if (entity === undefined) result.write(flow.variables, null);
    else if (outputFormat?.value === 'JSON') result.write(flow.variables, JSON.stringify(entity));
    else result.write(flow.variables, profileXml(type, entity));
  };
  return async (flow) => {
    const identifier = resolved(entityIdentifier, flow);
    const secondary = resolved(secondaryIdentifier, flow);
    // Without a value nothing can be found, whatever the store makes of it.
    if (identifier === undefined) {
      write(flow, undefined);
      return;
    }
    const query = { type, identifier, ...(secondary === undefined ? {} : { secondary }) };
    try {
      write(flow, await entities.find(query));
    } catch (error) {
      throw new Fault({
        code: 'steps.accessentity.ExecutionFailed',
        faultstring: `Execution of AccessEntity ${name} failed. Reason: ${error instanceof Error ? error.message : 'the store of entities failed'}`,
        cause: error,
      });
    }
  };
}

type IdentifierNode = AccessEntityPolicy['entityIdentifier'];

function resolved(node: IdentifierNode, { variables }: Flow): EntityIdentifier | undefined {
  if (node === undefined) return undefined;
  const value = node.ref === '' ? null : variables.get(node.ref);
  const text = flowValueText(value ?? node.value);
  return text === '' ? undefined : { type: node.type.toLowerCase(), value: text };
}

function identifiersOf(
  policy: AccessEntityPolicy,
): Pick<AccessEntityPolicy, 'entityIdentifier' | 'secondaryIdentifier'> {
  return policy.entityIdentifier === undefined
    ? (policy.identifiers?.identifier ?? policy)
    : policy;
}

function typeOf({ entityType }: AccessEntityPolicy): string {
  return (entityType?.value ?? '').trim().toLowerCase();
}
