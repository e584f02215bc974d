import type { ConfigurationProblem } from './errors';
import type { Setting } from './layers';

/** What no single value shows. Blames the source that set the value last. */
export function checkTogether(settings: ReadonlyMap<string, Setting>): readonly ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  const value = (key: string): unknown => settings.get(key)?.value;
  const blame = (key: string, text: string): void => {
    problems.push({ source: settings.get(key)?.layer.source ?? 'defaults', key, text });
  };

  const certificate = value('https.certificate') !== undefined;
  const key = value('https.key') !== undefined;
  if (certificate && !key) blame('https.certificate', 'is set without https.key; allowed: both of them, or https.pfx, or none');
  if (key && !certificate) blame('https.key', 'is set without https.certificate; allowed: both of them, or https.pfx, or none');
  if (certificate && value('https.pfx') !== undefined) blame('https.pfx', 'is set together with https.certificate; allowed: one of them');

  const http = value('http.enabled') !== false;
  const https = value('https.enabled') !== false;
  if (!http && !https) blame('https.enabled', 'is false, and http.enabled too; allowed: at least one of them true');
  const httpPort = (value('http.port') ?? 8080) as number;
  if (http && https && httpPort !== 0 && httpPort === (value('https.port') ?? 8443)) {
    blame(settings.has('https.port') ? 'https.port' : 'http.port', `is ${httpPort} for http and https alike; allowed: two different ports`);
  }
  if (value('peer_server') !== undefined && value('server') === undefined)
    blame('peer_server', 'is set without server; allowed: server alone, or both');
  return problems;
}
