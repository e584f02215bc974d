import { XConnection } from '../../../src/x11/x-connection';
import { PaintedScreen } from '../../support/painted-screen';
import { until } from '../../support/until';

it('a request to an X server that is gone fails at once, and its end is told', async () => {
  const screen = await PaintedScreen.start();
  const told: string[] = [];
  const x = await XConnection.open(screen.display, { onEvent: () => undefined, onLost: () => void told.push('lost') });
  await screen.stop();
  await until('the end of the connection', () => told.length > 0);
  await expect(x.extension('RANDR')).rejects.toThrow('does not answer any more');
  x.close();
});
