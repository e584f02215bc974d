import { spawn } from 'node:child_process';

/** Runs a program to its end; rejects with what it said when that is not success, or names the Debian package that brings it. */
export function run(program, args, debianPackage = program) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', (error) =>
      reject(new Error(`${program} cannot be started (${error.message}): on Debian, apt-get install ${debianPackage}`)),
    );
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(new Error(`${program} ended with ${code}:\n${output.trim()}`))));
  });
}
