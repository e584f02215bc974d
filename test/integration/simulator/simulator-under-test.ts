import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulator, type Simulator } from '../../../src/simulator/create-simulator';
import type { SimulatorAddresses, SimulatorOptions } from '../../../src/simulator/options';
import { RawClient } from './raw-client';

/** A simulator with the agents agent1 and agent2 (password: secret) for each test of a file. */
export class SimulatorUnderTest {
  storage = '';
  simulator!: Simulator;
  addresses!: SimulatorAddresses;

  async start(options: Partial<SimulatorOptions> = {}): Promise<void> {
    this.storage = await mkdtemp(join(tmpdir(), 'simulator-'));
    const accounts = ['agent1', 'agent2'].map((userName) => ({ userName, password: 'secret', firstName: 'Zoë' }));
    this.simulator = createSimulator({ accounts, storage: this.storage, ...options });
    this.addresses = await this.simulator.start();
  }

  async stop(): Promise<void> {
    await this.simulator.stop();
    await rm(this.storage, { recursive: true, force: true });
  }

  client(userName = 'agent1'): RawClient {
    return new RawClient(this.addresses.server, userName);
  }

  /** Resolves when a poll has come and is not answered yet. */
  async untilPollIsHeld(): Promise<void> {
    const isHeld = (): boolean =>
      this.simulator.control.requests().some(({ path, status }) => path.endsWith('/connect') && status === undefined);
    while (!isHeld()) await new Promise((resolve) => setImmediate(resolve));
  }
}
