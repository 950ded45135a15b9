import type { Condition } from '../../condition/condition.ts';
import type { Location } from '../../diagnostic/location.ts';
import type { Fault } from '../../fault/fault.ts';
import type { FlowPlace, Recorder, RunningStep, Step } from '../../trace/recorder.ts';
import type { FlowVariables } from '../../variables/flow-variables.ts';
import type { Flow } from '../../variables/flow.ts';
import type { Coverage } from '../coverage/coverage.ts';
import { enterPolicy } from '../doubles/running-policy.ts';

/** Notes which policies of one transaction ran, what failed, who handled it, and what was reached. */
export class StepNotes implements Recorder {
  readonly steps: string[] = [];
  fault: Fault | undefined;
  faultRule: string | undefined;
  variables: FlowVariables | undefined;
  readonly #coverage: Coverage | undefined;

  constructor(coverage: Coverage | undefined) {
    this.#coverage = coverage;
  }

  enteredState(flow: Flow): void {
    this.variables = flow.variables;
  }

  startedStep(_flow: Flow, { name, location }: Step): RunningStep {
    this.steps.push(name);
    this.#coverage?.reached(location);
    const leave = enterPolicy(name);
    return { waits: leave, ended: leave };
  }

  raisedFault(_flow: Flow, fault: Fault): void {
    this.fault = fault;
  }

  enteredFlow(_flow: Flow, name: string, place: FlowPlace, location: Location): void {
    if (place === 'fault-rule') this.faultRule = name;
    this.#coverage?.reached(location);
  }

  choseRoute(_flow: Flow, _name: string, location: Location): void {
    this.#coverage?.reached(location);
  }

  enteredSharedFlow(_flow: Flow, name: string): () => void {
    this.#coverage?.reachedSharedFlow(name);
    return () => undefined;
  }

  askedCondition(
    _flow: Flow,
    _owner: string,
    _name: string,
    { location }: Condition,
    holds: boolean,
  ): void {
    this.#coverage?.asked(location, holds);
  }

  readVariable(): void {
    // Not noted.
  }

  wroteVariable(): void {
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
