import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../lib/errno-of';
import { readMachineKey } from '../lib/windows-registry';
import { describeError } from '../shared/errors';
import { checkValues } from './check-values';
import { readConfigFile, type FileResult, type FileRules } from './config-file';
import { parseSettingText } from './environment';
import { flatten, unflatten } from './layers';
import { WINDOWS_POLICY_KEY } from './platform-paths';
import { listOf, settingsOf } from './registry-values';
import { listSettings } from './settings';

const DEADLINE_MS = 5000;
/** A file that is not there, for `plutil`. */
const NOT_THERE = 1;

/** What an organisation sets above every file and variable; of several files the last by name wins, and comes first here. */
export async function readPolicies(platform: NodeJS.Platform, place: string, rules: FileRules): Promise<readonly FileResult[]> {
  if (platform === 'win32') return present(await readWindowsPolicy());
  if (platform === 'darwin') return present(await readMacPolicy(place));
  const names = await readdir(place).catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return [];
    throw error;
  });
  const files = names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .reverse();
  return Promise.all(files.map((name) => readConfigFile(join(place, name), rules)));
}

function present(result: FileResult | undefined): readonly FileResult[] {
  return result === undefined ? [] : [result];
}

async function readWindowsPolicy(): Promise<FileResult | undefined> {
  try {
    const values = await readWindowsPolicyValues();
    return values === undefined ? undefined : policyOf(WINDOWS_POLICY_KEY, values);
  } catch (error) {
    return failed(WINDOWS_POLICY_KEY, { reason: describeError(error) });
  }
}

/** What the registry holds, unchecked: by setting; `undefined` without policies. */
export async function readWindowsPolicyValues(): Promise<ReadonlyMap<string, unknown> | undefined> {
  const path = WINDOWS_POLICY_KEY.replace('HKLM\\', '');
  const key = await readMachineKey(path);
  if (key === undefined) return undefined;
  const values = new Map(settingsOf(key.values));
  for (const name of key.subkeys) values.set(name, listOf((await readMachineKey(`${path}\\${name}`))?.values ?? []));
  return values;
}

async function readMacPolicy(path: string): Promise<FileResult | undefined> {
  const text = await output('/usr/bin/plutil', ['-convert', 'json', '-o', '-', path]);
  if (text === undefined) return undefined;
  if (typeof text !== 'string') return failed(path, text);
  try {
    return policyOf(path, new Map(Object.entries(JSON.parse(text) as Record<string, unknown>)));
  } catch (error) {
    return failed(path, { reason: describeError(error) });
  }
}

/** @param values by setting (`recording.framesPerSecond`); text where the source knows no other type, groups where it knows them */
export function policyOf(source: string, values: ReadonlyMap<string, unknown>): FileResult {
  const nodes = new Map(listSettings().map(({ key, node }) => [key, node]));
  const typed = [...values].map(([key, value]) => {
    const node = nodes.get(key);
    return [key, typeof value === 'string' && node !== undefined ? parseSettingText(value, node) : value] as const;
  });
  const tree = unflatten(new Map(typed));
  const { problems, unknown } = checkValues(source, tree);
  if (problems.length > 0) return { problems };
  return { layer: { source, baseDirectory: '/', values: flatten(tree), isFixed: true }, unknown };
}

function failed(source: string, { reason }: { readonly reason: string }): FileResult {
  return { problems: [{ source, text: `cannot be read (${reason})` }] };
}

/** What a program of the system prints; `undefined` when it says that there is nothing. */
function output(program: string, args: readonly string[]): Promise<string | { readonly reason: string } | undefined> {
  return new Promise((resolve) =>
    execFile(program, [...args], { timeout: DEADLINE_MS, windowsHide: true }, (error, stdout) => {
      if (error === null) resolve(stdout);
      else resolve(error.code === NOT_THERE ? undefined : { reason: error.killed ? 'no answer within 5 s' : String(error.code) });
    }),
  );
}
