import { join } from 'node:path';
import type { SimulatorAddresses } from '../../simulator/options';
import { applicationRoot } from '../start-electron';

/** The demo's only agent. */
export const ACCOUNT = { userName: 'demo', password: 'demo', firstName: 'Demo', lastName: 'Agent' };

export interface DemoInstructions {
  /** Of the service's local API. */
  readonly endpoints: readonly string[];
  readonly addresses: SimulatorAddresses;
  /** Folder of the received recordings. */
  readonly storage: string;
  readonly config: string;
  /** Does the control page show the recorded screen? */
  readonly isScreenShown: boolean;
}

/** What `npm start` prints once the service listens. */
export function demoInstructions({ endpoints, addresses, storage, config, isScreenShown }: DemoInstructions): string {
  const [srs = ''] = endpoints;
  const lines = [
    '',
    'DEMO: Screen Recording Service with a simulated recording server',
    '',
    `  example agent desktop  ${addresses.desktop}/   (user ${ACCOUNT.userName}, password ${ACCOUNT.password})`,
    `  control page           ${addresses.control}/   (Start, Stop, Pause, Resume; the received recordings${isScreenShown ? '; the recorded screen' : ''})`,
    `  recordings             ${storage}`,
    `  status                 node ${join(applicationRoot(), 'dist/cli.js')} status --config ${config}`,
    '',
    '  Log in without the example desktop:',
    `    curl -i -u ${ACCOUNT.userName}:${ACCOUNT.password} -H 'Origin: ${addresses.desktop}' ${srs}/api/v2/me`,
    '',
    '  Then press Start and Stop on the control page. Ctrl+C ends the demo.',
    '',
  ];
  return `${lines.join('\n')}\n`;
}
