import { adminCommands } from './admin-commands';
import { runProgram } from './program';

void runProgram(
  {
    run: async () => (await import('./run')).runCommand(),
    demo: async () => (await import('./demo/demo')).demoCommand(),
    simulator: async () => (await import('./simulator')).simulatorCommand(),
    conformance: async () => (await import('./conformance')).conformanceCommand(),
    completion: async () => (await import('./completion')).completionCommand(),
    ...adminCommands(async () => {
      const { createNodeKeychain } = await import('../keychain/create-keychain');
      return () => createNodeKeychain(__dirname);
    }),
  },
  process.argv.slice(2),
).then((exitCode) => {
  process.exitCode = exitCode;
});
