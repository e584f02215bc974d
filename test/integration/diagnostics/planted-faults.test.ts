import type { StepResult } from '../../../src/diagnostics/step';
import { DoctorWorld } from '../../support/doctor-world';
import { startSrs } from '../../support/srs-process';
import { CONFIGURATION } from '../../fixtures/planted-faults/configuration-faults';
import { MACHINE } from '../../fixtures/planted-faults/machine-faults';
import { WAY } from '../../fixtures/planted-faults/way-faults';

const FAULTS = Object.entries({ ...CONFIGURATION, ...MACHINE, ...WAY }).map(([name, fault]) => ({ name, ...fault }));

describe('a fault planted on a computer without others', () => {
  let world: DoctorWorld;

  beforeEach(async () => (world = await DoctorWorld.create()));
  afterEach(() => world.dispose());

  const complaints = (steps: readonly StepResult[]): string[] =>
    steps
      .filter(({ outcome }) => outcome === 'failed' || outcome === 'warning')
      .map(({ name, outcome, text }) => `${outcome} ${name}: ${text}`);

  it('none: nothing is complained of, and every step is made but that for which nothing is configured', async () => {
    const steps = await world.examine();
    expect(complaints(steps)).toEqual([]);
    expect(steps.filter(({ outcome }) => outcome !== 'ok').map(({ name }) => name)).toEqual(['masks']);
  });

  it.each(FAULTS)('$name: the doctor names it, and it alone', async ({ step, says, remedy, outcome = 'failed', plant }) => {
    await plant(world);
    const steps = await world.examine();
    expect(complaints(steps)).toHaveLength(1);
    const named = steps.find(({ name }) => name === step || name.endsWith(`: ${step}`));
    expect(named).toMatchObject({ outcome, text: expect.stringMatching(says), remedy: expect.stringMatching(remedy) });
    for (const { followsFrom = named?.name, text } of steps.filter((each) => each.followsFrom)) {
      expect(followsFrom).toBe(named?.name);
      expect(text).toContain(`follows from “${named?.name}”`);
    }
  });

  it('the real command prints it, what to do and what follows, and ends with 1', async () => {
    const port = await world.closedPort();
    const server = `https://127.0.0.1:${port}`;
    const command = startSrs(['doctor'], { ...world.env, SRS_SERVER: server, HOME: world.directory, DISPLAY: undefined });
    expect(await command.exited).toBe(1);
    expect(command.stdout()).toMatch(new RegExp(`FAILED {3}127\\.0\\.0\\.1:${port}: connection: .*\n +-> Check`));
    expect(command.stdout()).toContain(`CometD: Not looked at: this follows from “127.0.0.1:${port}: connection”.`);
  });
});
