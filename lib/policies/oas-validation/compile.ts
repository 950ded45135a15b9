import type { Location } from '../../diagnostic/location.ts';
import { diagnosticAt, type Report } from '../../diagnostic/diagnostic.ts';
import type { Message } from '../../message/message.ts';
import { compileTemplate } from '../../template/template.ts';
import { flowValueText, variableReference } from '../../variables/flow-variables.ts';
import type { FlowVariables } from '../../variables/flow-variables.ts';
import type { CompileContext, PolicyResources, Program } from '../policy-type.ts';
import { unresolvedVariable } from '../unresolved-variable.ts';
import {
  nonMessageVariable,
  resourceNotAvailable,
  sourceNotAvailable,
  validationFailed,
} from './faults.ts';
import type { OasValidationPolicy } from './grammar.ts';
import { readSpecification, SpecificationError } from './specification.ts';
import {
  compileValidation,
  type OperationName,
  type ValidateMessage,
  type ValidationOptions,
} from './validate-message.ts';

/** Compiles OASValidation. A document that variables name is read and compiled when it is first named. */
export function compileOasValidation(
  policy: OasValidationPolicy,
  context: CompileContext,
): Program {
  const { name, source, resource, location } = policy;
  const place = resource?.textLocation ?? location;
  const template = compileTemplate(resource?.value ?? '', {
    location: place,
    report: context.report,
  });
  const documents = new Documents(optionsOf(policy), context.resources);
  if (template.constant !== undefined) documents.check(template.constant, place, context.report);
  const sourceName = source?.value === undefined || source.value === '' ? 'request' : source.value;
  const reference = variableReference(sourceName);

  return (flow) => {
    const { variables } = flow;
    const message = variables.message(sourceName);
    if (message === undefined) {
      const value = reference.read(variables);
      if (value === null || value === undefined) throw sourceNotAvailable(name, sourceName);
      throw nonMessageVariable(sourceName);
    }
    const url = template.render(flow, unresolvedVariable);
    const validate = documents.at(url);
    if (typeof validate === 'string') throw resourceNotAvailable(name, url, validate);
    const messages = validate(message, operationOf(message, variables));
    if (messages.length > 0) throw validationFailed(name, url, messages, message.kind);
  };
}

function optionsOf({ options }: OasValidationPolicy): ValidationOptions {
  const { header, query, cookie } = options?.allowUnspecifiedParameters ?? {};
  const rule = (allow: { readonly value: boolean | undefined } | undefined) =>
    allow?.value === false ? 'refused' : 'allowed';
  return {
    bodies: options?.validateMessageBody?.value === true ? 'validated' : 'ignored',
    unspecified: { header: rule(header), query: rule(query), cookie: rule(cookie) },
  };
}

/** Names of documents may come from requests: as many are kept as a bundle may have. */
const mostDocuments = 100;

/** The documents of a bundle, each compiled once. A text says why there is none. */
class Documents {
  readonly #options: ValidationOptions;
  readonly #resources: PolicyResources | undefined;
  readonly #compiled = new Map<string, ValidateMessage | string>();

  constructor(options: ValidationOptions, resources: PolicyResources | undefined) {
    this.#options = options;
    this.#resources = resources;
  }

  at(url: string): ValidateMessage | string {
    const known = this.#compiled.get(url);
    if (known !== undefined) return known;
    const compiled = this.#compile(url);
    if (this.#compiled.size < mostDocuments) this.#compiled.set(url, compiled);
    return compiled;
  }

  check(url: string, location: Location, report: Report): void {
    if (this.#resources?.read(url) === undefined) return;
    const compiled = this.at(url);
    if (typeof compiled !== 'string') return;
    report(
      diagnosticAt(
        location,
        'error',
        'ResourceCompileFailed',
        `The OpenAPI document ${url} cannot be used: ${compiled}.`,
        'Mend the document; it must be of OpenAPI 3.0 and refer only to itself.',
      ),
    );
  }

  #compile(url: string): ValidateMessage | string {
    const bytes = url.startsWith('oas://') ? this.#resources?.read(url) : undefined;
    if (bytes === undefined) return 'the document is not available';
    try {
      return compileValidation(readSpecification(new TextDecoder().decode(bytes)), this.#options);
    } catch (error) {
      if (error instanceof SpecificationError) return error.message;
      throw error;
    }
  }
}

const pathSuffix = variableReference('proxy.pathsuffix');

/** A response belongs to the operation of the client's request. */
function operationOf(message: Message, variables: FlowVariables): OperationName {
  const request = message.kind === 'request' ? message : variables.message('request');
  const suffix = pathSuffix.read(variables);
  const path =
    suffix === null || suffix === undefined ? (request?.path ?? '') : flowValueText(suffix);
  return {
    verb: (request?.verb ?? 'GET').toUpperCase(),
    path: path === '' ? '/' : path,
  };
}
