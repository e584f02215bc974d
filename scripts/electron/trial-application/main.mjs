// What Electron's own default application does with its command line, for a binary that comes without it:
// `electron [switches] [-r MODULE]... FOLDER|FILE [arguments]`.
import { app } from 'electron';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);

// In this Chromium MediaRecorder uses the encoder that later ones always use only where it is told so; the other one drops frames.
app.commandLine.appendSwitch('enable-features', 'MediaRecorderUseMediaVideoEncoder');

const { modules, target } = parse(process.argv.slice(1));
for (const module of modules) require(path.resolve(module));
if (target === undefined) {
  process.stderr.write('electron: name the folder or the file of an application\n');
  app.exit(1);
} else {
  // Awaited at the top: `ready` would otherwise come before the application's own code has run.
  await import(pathToFileURL(mainOf(path.resolve(target))).href);
}

function parse(words) {
  const modules = [];
  for (let i = 0; i < words.length; i += 1) {
    if (words[i] === '-r' || words[i] === '--require') modules.push(words[(i += 1)]);
    else if (!words[i].startsWith('-')) return { modules, target: words[i] };
  }
  return { modules, target: undefined };
}

/** Takes name, version and folder of the application from its package.json, if it has one. */
function mainOf(target) {
  if (!existsSync(target)) throw new Error(`there is no application at ${target}`);
  if (!statSync(target).isDirectory()) {
    app.setAppPath(path.dirname(target));
    return target;
  }
  const description = JSON.parse(readFileSync(path.join(target, 'package.json'), 'utf8'));
  app.setName(description.productName ?? description.name);
  app.setVersion(description.version ?? '0.0.0');
  if (description.desktopName) app.setDesktopName(description.desktopName);
  app.setAppPath(target);
  return path.join(target, description.main ?? 'index.js');
}
