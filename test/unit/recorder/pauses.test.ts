import { settle } from '../../fakes/fake-clock';
import { RecorderBench as Bench } from '../../support/recorder-bench';

describe('recorder', () => {
  describe('pause', () => {
    it('reports it when the screen is let go, and again when it is back', async () => {
      const bench = new Bench();
      await bench.command('start');
      await bench.command('pause');
      expect(bench.recorder.state().status).toBe('paused');
      expect(bench.capture.showing).toBe(0);
      await bench.command('resume');
      expect(bench.recorder.state().status).toBe('recording');
      expect(bench.states).toEqual(['Recording', 'Paused', 'Recording']);
      expect(bench.events).toEqual(['paused', 'resumed']);
    });

    it('never shows the screen when it comes while the capture starts', async () => {
      const bench = new Bench();
      let open: () => void = () => undefined;
      bench.capture.startGate = new Promise((resolve) => (open = resolve));
      await bench.command('start');
      await bench.command('pause');
      open();
      await settle();
      expect(bench.capture.showing).toBe(0);
      expect(bench.states).toEqual(['Paused']);
      await bench.command('resume');
      expect(bench.recorder.state()).toMatchObject({ status: 'recording' });
      expect(bench.states).toEqual(['Paused', 'Recording']);
    });

    it.each([
      ['the page crashes', (bench: Bench) => bench.capture.last.end({ code: 'crashed', message: 'gone' })],
      ['the encoder falls silent', (bench: Bench) => bench.clock.advance(6000)],
      ['the computer sleeps and wakes', (bench: Bench) => (bench.recorder.suspended(), bench.recorder.resumed())],
      ['the displays change', (bench: Bench) => (bench.recorder.displaysChanged(), bench.clock.advance(1000))],
      ['the screen is unlocked', (bench: Bench) => bench.recorder.unlocked()],
    ])('keeps the screen away when %s meanwhile, and goes on with a new segment', async (_name, happen) => {
      const bench = new Bench();
      await bench.command('start');
      await bench.record(1);
      await bench.command('pause');
      void happen(bench);
      await settle();
      expect(bench.capture.showing).toBe(0);
      expect(bench.recorder.state().status).toBe('paused');
      await bench.command('resume');
      expect(bench.recorder.state()).toMatchObject({ status: 'recording', segment: 2 });
      expect(bench.capture.showing).toBe(1);
    });

    it('does not take the silence of a cut for a stuck encoder', async () => {
      const bench = new Bench({ pauseMode: 'cut' });
      await bench.command('start');
      await bench.command('pause');
      await bench.clock.advance(60_000);
      expect(bench.recorder.state()).toMatchObject({ status: 'paused', segment: 1 });
    });
  });
});
