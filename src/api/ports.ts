import type { Clock } from '../lib/clock';
import type { Logger } from '../lib/logger';
import type { Secret } from '../lib/secret';
import type { TlsMaterial } from '../lib/tls-material';
import type { ScreenRecordingService } from '../service/ports';
import type { Unsubscribe } from '../shared/emitter';
import type { ProblemReporter } from '../shared/problems';
import type { Callers } from './callers';
import type { UntoldCallers } from './untold-callers';

/** The part of the configuration the local API goes by (config-and-cli.md). */
export interface ApiSettings {
  readonly http: { readonly enabled: boolean; readonly port: number };
  readonly https: { readonly enabled: boolean; readonly port: number };
  readonly allowedOrigins: readonly string[];
  readonly requireOrigin: boolean;
  readonly otherUsers?: 'refuse' | 'allow' | undefined;
  readonly server?: string | undefined;
  readonly peer_server?: string | undefined;
}

/** What `GET /metrics` answers. */
export interface MetricsPage {
  readonly contentType: string;
  text(): Promise<string>;
}

export interface ApiDeps {
  readonly service: ScreenRecordingService;
  readonly settings: ApiSettings;
  /** As `GET /version` gives it, such as `8.5.102.03`. */
  readonly version: string;
  /** What `GET /status` asks for. */
  readonly statusToken: Secret;
  /** Absent: there is no `/metrics`. */
  readonly metrics?: MetricsPage;
  readonly problems: Pick<ProblemReporter, 'raise' | 'clear'>;
  readonly callers: Callers;
  readonly untold: UntoldCallers;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Where the HTTPS certificate comes from; it may be renewed while the service runs. */
export interface TlsSource {
  current(): Promise<TlsMaterial>;
  onChange(listener: () => void): Unsubscribe;
}
