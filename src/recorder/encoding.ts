import type { RecordingConfiguration } from '../config/schema';
import type { Encoding } from '../shared/recording';

/** The same limits as the settings have (config-and-cli.md). */
const LIMITS: Readonly<Record<keyof Encoding, readonly [number, number]>> = {
  framesPerSecond: [1, 15],
  videoBitsPerSecond: [50_000, 8_000_000],
};

/** The configured encoding, overridden by what a command asks for as far as the limits allow. */
export function chooseEncoding(config: RecordingConfiguration, wanted: Partial<Encoding> = {}): Encoding {
  return {
    framesPerSecond: within('framesPerSecond', wanted.framesPerSecond ?? config.framesPerSecond, config),
    videoBitsPerSecond: Math.round(within('videoBitsPerSecond', wanted.videoBitsPerSecond ?? config.videoBitsPerSecond, config)),
  };
}

function within(name: keyof Encoding, value: number, config: Encoding): number {
  if (!Number.isFinite(value)) return config[name];
  const [low, high] = LIMITS[name];
  return Math.min(high, Math.max(low, value));
}
