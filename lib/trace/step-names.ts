// Where Apigee's debug sessions name a policy's type otherwise than the rule says.
const stepDefinitionTypes: ReadonlyMap<string, string> = new Map([
  ['JSONThreatProtection', 'jsonattack'],
  ['XMLThreatProtection', 'xmlattack'],
]);

const executionTypes: ReadonlyMap<string, string> = new Map([
  ['Javascript', 'JavascriptStepExecution'],
]);

/** A policy's type as the property `stepDefinition-type` of a debug session: in lower case. */
export function stepDefinitionType(type: string): string {
  return stepDefinitionTypes.get(type) ?? type.toLowerCase();
}

/** What a debug session calls the running of a policy: `ExtractVariablesExecution`. */
export function executionType(type: string): string {
  return executionTypes.get(type) ?? `${type}Execution`;
}
