// How long a start takes: the headless service until it listens beside an Express program of one route, and two commands beside an empty
// Node program. Each pair is measured one after the other, BENCH_ROUNDS (15) times; the medians are compared.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { length, median, note, runBenchmark } from './parts/figures';
import { CLI, quietEnvironment, ROOT, startProgram, writeConfiguration } from './parts/started-program';
import { inTemporaryFolder } from './parts/temporary-folder';

const ROUNDS = length('BENCH_ROUNDS', 15, 1);

/** Milliseconds until a program has ended. */
async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const begin = performance.now();
  await once(spawn(process.execPath, args, { env, stdio: 'ignore' }), 'exit');
  return performance.now() - begin;
}

async function start(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const program = await startProgram(process.execPath, args, env);
  await program.stop();
  return program.startedIn;
}

async function pairs(ours: () => Promise<number>, theirs: () => Promise<number>): Promise<readonly [number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    times[0].push(await ours());
    times[1].push(await theirs());
  }
  return [median(times[0]), median(times[1])];
}

runBenchmark(() =>
  inTemporaryFolder(async (folder) => {
    const env = quietEnvironment(folder);
    const config = writeConfiguration(folder);
    const hello = join(folder, 'hello.cjs');
    const express = JSON.stringify(join(ROOT, 'node_modules/express'));
    writeFileSync(
      hello,
      `require(${express})().get('/', (request, response) => response.send('hello')).listen(0, '127.0.0.1', () => console.log('listening'));`,
    );
    const service = ['run', '--headless', '--config'];
    const [ours, theirs] = await pairs(
      () => start([CLI, ...service, config], env),
      () => start([hello], env),
    );
    note({
      name: 'service, until it listens',
      unit: 'ms',
      value: ours,
      yardstick: { name: 'Express with one route', value: theirs },
      goal: { atMost: 1.8 },
    });

    const other = join(folder, 'running');
    mkdirSync(other);
    const running = writeConfiguration(other);
    const program = await startProgram(process.execPath, [CLI, ...service, running], env);
    try {
      for (const [name, args, goal] of [
        ['srs status', ['status', '--config', running], 2.5],
        ['srs --version', ['--version'], undefined],
      ] as const) {
        const [command, empty] = await pairs(
          () => run([CLI, ...args], env),
          () => run(['-e', '0'], env),
        );
        const yardstick = { name: 'node -e 0', value: empty };
        note({ name, unit: 'ms', value: command, yardstick, ...(goal === undefined ? {} : { goal: { atMost: goal } }) });
      }
    } finally {
      await program.stop();
    }
  }),
);
