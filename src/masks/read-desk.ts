import type { Desk, OpenVisibleWindows } from './ports';
import { AppError } from '../shared/errors';

/** The windows as they are now, for one look. Rejects with `AppError` `dependencyMissing` when they cannot be known. */
export async function readDesk(open: OpenVisibleWindows): Promise<Desk> {
  const found: { desk?: Desk } = {};
  const windows = await open({ onDesk: (desk) => (found.desk = desk), onLost: () => delete found.desk });
  try {
    await windows.look();
  } finally {
    windows.close();
  }
  if (found.desk === undefined) throw new AppError('dependencyMissing', 'The windows could not be read.');
  return found.desk;
}
