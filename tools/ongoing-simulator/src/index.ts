export { startSimulator, type Simulator, type SimulatorOptions } from './start.ts';
export { connectControl, type Control } from './control/control.ts';
export type { Knobs, KnobSettings } from './knobs.ts';
