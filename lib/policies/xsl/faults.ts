import { Fault } from '../../fault/fault.ts';

/** The faults of XSL ("XSLTransform policy", Fault reference). */

export function sourceNotAvailable(policy: string, source: string): Fault {
  return new Fault({
    code: 'steps.xsl.XSLSourceMessageNotAvailable',
    faultstring: `${source} message is not available for XSL: ${policy}`,
    hint: `Set ${source} before this policy runs, or name another variable in Source.`,
  });
}

export function evaluationFailed(stylesheet: string, reason: string): Fault {
  return new Fault({
    code: 'steps.xsl.XSLEvaluationFailed',
    faultstring: `Evaluation of XSL ${stylesheet} failed with reason: "${reason}"`,
  });
}

export function variableResolutionFailed(variable: string): Fault {
  return new Fault({
    code: 'steps.xsl.XSLVariableResolutionFailed',
    faultstring: `Failed to resolve variable ${variable}`,
    hint: `Set ${variable}, give the parameter a value, or set ignoreUnresolvedVariables to true.`,
  });
}
