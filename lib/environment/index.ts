export { loadEnvironment, type LoadedEnvironment } from './load-environment.ts';
export type { EnvironmentOptions } from './growing-environment.ts';
