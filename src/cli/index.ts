import { createNodeKeychain } from '../keychain/create-keychain';
import { adminCommands } from './admin-commands';
import { completionCommand } from './completion';
import { conformanceCommand } from './conformance';
import { demoCommand } from './demo/demo';
import { runProgram } from './program';
import { runCommand } from './run';
import { simulatorCommand } from './simulator';

void runProgram(
  [runCommand, demoCommand, simulatorCommand, conformanceCommand, completionCommand, ...adminCommands(() => createNodeKeychain(__dirname))],
  process.argv.slice(2),
).then((exitCode) => {
  process.exitCode = exitCode;
});
