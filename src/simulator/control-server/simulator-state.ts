import type { ConnectedAgent } from '../connected-agents';
import type { SimulatorControl } from '../simulator-control';
import type { ReceivedReport } from '../activity';
import type { Fault } from '../faults/fault';
import type { ReceivedRecording } from '../media-store';
import type { DataCentreName, StrictModes } from '../options';

/** What the control page shows. */
export interface SimulatorState {
  readonly servers: readonly { readonly name: DataCentreName; readonly origin: string; readonly isOnline: boolean }[];
  readonly agents: readonly ConnectedAgent[];
  readonly recordings: readonly Omit<ReceivedRecording, 'metadata'>[];
  readonly reports: readonly ReceivedReport[];
  readonly faults: readonly Fault[];
  readonly strict: StrictModes;
  /** Can `/screen.png` be asked for? */
  readonly hasScreen: boolean;
}

const SHOWN = 100;

/** The newest of everything, newest first. */
export function simulatorState(control: SimulatorControl, hasScreen: boolean): SimulatorState {
  return {
    servers: control.dataCentres(),
    agents: control.agents(),
    recordings: newest(control.recordings()).map(({ metadata: _metadata, ...recording }) => recording),
    reports: newest(control.reports()),
    faults: control.faults.list(),
    strict: control.strict,
    hasScreen,
  };
}

function newest<T>(items: readonly T[]): readonly T[] {
  return items.slice(-SHOWN).reverse();
}
