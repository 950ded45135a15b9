import { Fault } from '../fault/fault.ts';

/** The fault of every message template whose policy documents no code of its own. */
export function unresolvedVariable(variable: string): Fault {
  return new Fault({
    code: 'entities.UnresolvedVariable',
    faultstring: `Unresolved variable : ${variable}`,
    hint: `Set ${variable}, give it a default as in {${variable}:text}, or set IgnoreUnresolvedVariables to true.`,
  });
}
