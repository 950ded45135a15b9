import type { Fault } from '../../fault/fault.ts';
import type { Recorder, RunningStep, Step } from '../../trace/recorder.ts';
import type { FlowVariables } from '../../variables/flow-variables.ts';
import type { Flow } from '../../variables/flow.ts';

const unwatched: RunningStep = { waits: () => undefined, ended: () => undefined };

/** Notes which policies of one transaction ran, what failed, and who handled it. */
export class StepNotes implements Recorder {
  readonly steps: string[] = [];
  fault: Fault | undefined;
  faultRule: string | undefined;
  variables: FlowVariables | undefined;

  enteredState(flow: Flow): void {
    this.variables = flow.variables;
  }

  startedStep(_flow: Flow, { name }: Step): RunningStep {
    this.steps.push(name);
    return unwatched;
  }

  raisedFault(_flow: Flow, fault: Fault): void {
    this.fault = fault;
  }

  enteredFlow(_flow: Flow, name: string, place: string): void {
    if (place === 'fault-rule') this.faultRule = name;
  }

  enteredSharedFlow(): () => void {
    return () => undefined;
  }

  readVariable(): void {
    // Not noted.
  }

  wroteVariable(): void {
    // Not noted.
  }

  askedCondition(): void {
    // Not noted.
  }

  skippedStep(): void {
    // Not noted.
  }

  printed(): void {
    // Not noted.
  }

  message(): void {
    // Not noted.
  }

  ended(): void {
    // Not noted.
  }
}
