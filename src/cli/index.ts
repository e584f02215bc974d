import { adminCommands } from './admin-commands';
import { runProgram } from './program';

void runProgram(
  {
    run: async () => (await import('./run')).runCommand(),
    demo: async () => (await import('./demo/demo')).demoCommand(),
    simulator: async () => (await import('./simulator')).simulatorCommand(),
    conformance: async () => (await import('./conformance')).conformanceCommand(),
    completion: async () => (await import('./completion')).completionCommand(),
    ...adminCommands({
      loadKeychain: async () => {
        const { createNodeKeychain } = await import('../keychain/create-keychain');
        return () => createNodeKeychain(__dirname);
      },
      loadMachine: async () => {
        const { thisMachine } = await import('../diagnostics/examined-machine');
        const { findChromium } = await import('../headless/find-chromium');
        const { nodeWindows } = await import('../win32/node-windows');
        const machine = thisMachine();
        return { ...machine, windows: nodeWindows(__dirname, machine.windows), findBrowser: () => findChromium() };
      },
    }),
  },
  process.argv.slice(2),
).then((exitCode) => {
  process.exitCode = exitCode;
});
